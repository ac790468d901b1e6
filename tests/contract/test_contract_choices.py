"""What only larger documents have: times in the query, tuples in answers, and lists whose filters are choices."""

from __future__ import annotations

import pytest

from mailwright.cli import main
from mailwright.contract.bindings import Client
from mailwright.contract.equality import Equality
from mailwright.contract.samples import sample
from mailwright.contract.wire import Wire, read
from mailwright.runtime import Request
from mailwright.targets import Target


@pytest.fixture(scope="module")
def client() -> Client:
    return Client(Target.parse("wildduck-1.51"))


@pytest.mark.parametrize(
    ("given", "sent", "parts"),
    [
        ("2020-01-01T00:00:00Z", "2020-01-01T00%3A00%3A00%2B00%3A00", []),
        ("2020-01-01T02:00:00+02:00", "2020-01-01T00:00:00Z", []),
        ("2020-01-01T00:00:00Z", "2020-01-01T00:00:01Z", ["query deleteAfter"]),
        ("2020-01-01T00:00:00Z", "today", ["query deleteAfter"]),
    ],
)
def test_a_time_in_the_query_is_the_moment_it_names(client: Client, given: str, sent: str, parts: list[str]) -> None:
    document = client.document
    wire = Wire(Equality(document), document.token_names)
    case = {"path": {"user": "a"}, "query": {"deleteAfter": given}}
    request = Request("DELETE", f"http://contract.test/api/users/a?deleteAfter={sent}", (), None, 1.0)
    mismatches = wire.mismatches(document.operations["deleteUser"], case, read(request, "/api"))
    assert [each.part for each in mismatches] == parts


def test_a_sample_of_a_tuple_has_all_its_parts(client: Client) -> None:
    assert sample(client.document, {"$ref": "#/components/schemas/MessageUpdate"})["id"] == [[1, 1]]


def test_a_list_is_walked_with_a_filter_that_takes_any_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contract", "wildduck-1.51", "--cases", "1", "--seed", "1", "--operation", "listMessages"]) == 0
    assert "0 differences" in capsys.readouterr().out
