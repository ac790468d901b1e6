from __future__ import annotations

import pytest
from mailwright_wildduck.v1_51 import WildDuck
from scenario import Step, differences, scenario
from wildduck_server import RealWildDuck

from mailwright.mock import Mock, MockBackend
from mailwright.targets import bundled_document


@pytest.fixture(scope="module")
def real_steps(server: RealWildDuck) -> list[Step]:
    with WildDuck(server.url, access_token=server.token) as mail:
        return scenario(mail)


def test_the_mock_answers_each_call_of_the_scenario_as_the_real_server_does(real_steps: list[Step]) -> None:
    mock = Mock(bundled_document("wildduck-1.51"), token="secret")
    with WildDuck("http://mock.test", access_token="secret", backend=MockBackend(mock)) as mail:
        found = differences(real_steps, scenario(mail), names=("real server", "mock"))
    assert not found, "\n\n".join([*found, f"{len(found)} of {len(real_steps)} calls differ"])


def test_the_real_server_answers_the_scenario_alike_a_second_time(server: RealWildDuck, real_steps: list[Step]) -> None:
    with WildDuck(server.url, access_token=server.token) as mail:
        assert differences(real_steps, scenario(mail), names=("first", "second")) == []


def test_the_scenario_has_successes_and_refusals_of_all_kinds(real_steps: list[Step]) -> None:
    refused = [step for step in real_steps if step.failed]
    assert len(real_steps) >= 250
    assert len(refused) >= 80
    assert {step.outcome["raised"] for step in refused} >= {
        "AuthenticationFailed",
        "Conflict",
        "InvalidRequest",
        "NotFound",
        "PermissionDenied",
        "ServerError",
    }
    assert not [step.title for step in refused if step.outcome["raised"] == "ResponseInvalid"]
