"""The mocks of Dovecot: the same results as the real servers, and what only a mock does."""

from __future__ import annotations

import asyncio
import importlib
import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from dovecot_scenario import prepare, results
from mailwright_dovecot.v2_4 import AsyncDoveadm, Doveadm

from mailwright.mock import AsyncMockBackend, Fault, Mock, MockBackend, Request
from mailwright.runtime import AuthenticationFailed, CommandDropped, InvalidRequest, NotFound, ServerError
from mailwright.targets import bundled_document

JANE, JOE = "jane@example.org", "joe@example.org"


def mock_of(version: str, **options: Any) -> Mock:
    return Mock(bundled_document(f"dovecot-{version}"), **options)


def client(version: str, mock: Mock, **given: Any) -> Any:
    module = importlib.import_module(f"mailwright_dovecot.v{version.replace('.', '_')}")
    return module.Doveadm("http://mock.test", backend=MockBackend(mock), **given)


def post(mock: Mock, content: bytes) -> tuple[int, str]:
    response = mock.handle(Request("POST", "/doveadm/v1", (), content))
    return response.status, response.content.decode()


@pytest.mark.parametrize("version", ["2.3", "2.4"])
def test_a_scenario_gives_what_it_gave_on_the_real_server(version: str) -> None:
    real = Path(__file__).with_name(f"dovecot-{version}.jsonl").read_text(encoding="utf-8").splitlines()
    dv = client(version, mock_of(version, quirks=True))
    prepare(dv, JANE, JOE)
    ours = results(version, dv, JANE, JOE)
    assert len(real) > 120
    assert ours == real


@pytest.mark.parametrize("version", ["2.3", "2.4"])
def test_the_listing_is_a_part_of_the_real_one_in_the_same_words(version: str) -> None:
    file = Path(__file__).parents[1] / "listings" / f"dovecot-{version}.json"
    real = {each["command"]: each["parameters"] for each in json.loads(file.read_text(encoding="utf-8"))}
    listed = client(version, mock_of(version)).commands.list()
    assert len(listed) > 25
    for each in listed:
        told = {parameter.name: parameter.type for parameter in each.parameters}
        assert told == {parameter["name"]: parameter["type"] for parameter in real[each.command]}


def test_password_and_key_are_asked_for() -> None:
    mock = mock_of("2.4", token="s3cret")
    client("2.4", mock, password="s3cret").server.reload()
    client("2.4", mock, api_key="s3cret").server.reload()
    for given in ({"password": "x"}, {"api_key": "x"}, {}):
        with pytest.raises(AuthenticationFailed):
            client("2.4", mock, **given).server.reload()
    for value in ("X-Dovecot-API s3cret", "Basic !", f"Basic {b64encode(b'root:s3cret').decode()}", "Bearer s3cret"):
        response = mock.handle(Request("GET", "/doveadm/v1", (("Authorization", value),)))
        assert (response.status, response.content) == (401, b"")
        assert [name for name, _ in response.headers].count("WWW-Authenticate") == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "JSON parse error: "),
        (b"[", "JSON parse error: "),
        (b"{}", "Request must be a JSON array"),
        (b'["reload"]', "Command must be a JSON array"),
        (b'[[1,{},"t"]]', "Command name must be a string"),
        (b'[["reload",[],"t"]]', "Parameters must be contained in a JSON object"),
        (b'[["reload"]]', "Parameters must be contained in a JSON object"),
        (b'[["reload",{}]]', "Command ID must be a string"),
        (b'[["reload",{},1]]', "Command ID must be a string"),
        (b'[["reload",{},"t","x"]]', "Unexpected JSON element at end of command"),
        (b'[["who",{"mask":1},"t"]]', "Parameter `mask' must be string or array"),
        (b'[["who",{"mask":[1]},"t"]]', "Command parameter array can only containstring values"),
        (b'[["who",{"separateConnections":1},"t"]]', "Parameter `separateConnections' must be `true' or `false'"),
    ],
)
def test_a_request_that_is_none_is_refused_in_text(content: bytes, words: str) -> None:
    status, text = post(mock_of("2.4"), content)
    assert status == 400
    assert text.startswith(words)
    assert text.endswith("\r\n")


def test_earlier_commands_have_been_run_when_a_later_one_is_none() -> None:
    mock = mock_of("2.4")
    status, _ = post(mock, b'[["mailboxCreate",{"user":"jane@example.org","mailbox":["Half"]},"a"],"x"]')
    assert status == 400
    assert "Half" in [row.mailbox for row in client("2.4", mock).mailbox.list(user=JANE)]


@pytest.mark.parametrize("name", ["mailboxList", "mailbox list", "mailbox-list"])
def test_commands_and_parameters_may_be_written_as_on_the_command_line(name: str) -> None:
    content = json.dumps([[name, {"user": JANE, "mailbox-mask": "INBOX"}, "t"]]).encode()
    assert post(mock_of("2.4"), content) == (200, '[["doveadmResponse",[{"mailbox":"INBOX"}],"t"]]')


def test_2_3_forgets_a_comma_and_ends_lists_only_when_it_is_to_have_its_faults() -> None:
    content = b'[["reload",{},"a"],["noSuch",{},"b"],["who",{},"c"]]'
    spared = post(mock_of("2.3"), content)[1]
    assert [each[0] for each in json.loads(spared)] == ["doveadmResponse", "error", "doveadmResponse"]
    faulty = post(mock_of("2.3", quirks=True), content)[1]
    assert '"a"]["error"' in faulty
    assert '}],{"username"' in faulty
    assert post(mock_of("2.4", quirks=True), content)[1] == spared


def test_2_3_takes_false_for_true_on_mail_commands_only() -> None:
    content = json.dumps([["mailboxList", {"user": JANE, "subscriptions": False}, "t"]]).encode()
    assert '"INBOX"' in post(mock_of("2.3"), content)[1]
    assert '"INBOX"' in post(mock_of("2.4", quirks=True), content)[1]
    faulty = mock_of("2.3", quirks=True)
    assert '"INBOX"' not in post(faulty, content)[1]
    assert '"connections"' in post(faulty, b'[["who",{"separateConnections":false},"t"]]')[1]


@pytest.mark.parametrize("version", ["2.3", "2.4"])
def test_without_quirks_what_ends_the_connection_is_an_exit_code(version: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        client(version, mock_of(version)).mail.fetch(user=JANE, field=["bogus"], query=["all"])
    assert caught.value.code == 64
    with pytest.raises(CommandDropped):
        client(version, mock_of(version, quirks=True)).mail.fetch(user=JANE, field=["bogus"], query=["all"])


def test_an_empty_tag_ends_the_connection_of_2_4_alone() -> None:
    content = json.dumps([["mailboxList", {"user": JANE}, ""]]).encode()
    assert mock_of("2.4").handle(Request("POST", "/doveadm/v1", (), content)).cut == "reset"
    assert post(mock_of("2.3"), content)[0] == 200


def test_beside_another_error_the_exit_code_is_that_of_the_command_before() -> None:
    content = b'[["mailboxList",{"user":"nobody"},"a"],["noSuch",{},"b"]]'
    told = json.loads(post(mock_of("2.4"), content)[1])
    assert told[1] == ["error", {"type": "unknownMethod", "exitCode": 67}, "b"]


def test_sessions_are_listed_by_connection_and_ended() -> None:
    dv = client("2.3", mock_of("2.3", quirks=True))
    assert [(row.username, row.connections) for row in dv.who.list()] == [(JANE, 2), (JOE, 1)]
    assert [row.pid for row in dv.who.list(separate_connections=True, mask=["127.0.0.0/8", "jane*"])] == [4711, 4712]
    assert [row.result for row in dv.kick.users(mask=["jane*"])] == [JANE]
    assert [row.username for row in dv.who.list()] == [JOE]
    with pytest.raises(NotFound):
        dv.kick.users(mask=["jane*"])


def test_it_starts_with_demo_users_and_forgets_the_rest() -> None:
    mock = mock_of("2.4")
    mock.populate(2)
    dv = client("2.4", mock)
    assert len(dv.user.lookup(user_mask=["user?@*"]).user_list) == 2
    dv.mailbox.create(user=JANE, mailbox=["Work"])
    mock.reset()
    assert dv.user.lookup(user_mask=["*"]).user_list == [JANE, JOE]
    assert [row.mailbox for row in dv.mailbox.list(user=JANE)] == ["INBOX"]
    assert mock.journal.total == 2


def test_faults_are_for_one_command_of_the_url() -> None:
    dv = client("2.4", mock_of("2.4", faults=[Fault("reload", status=503, times=1)]))
    dv.who.list()
    with pytest.raises(ServerError) as caught:
        dv.server.reload()
    assert caught.value.status == 503
    dv.server.reload()


def test_the_async_client_meets_the_same_mock() -> None:
    async def run() -> list[str]:
        async with AsyncDoveadm("http://mock.test", backend=AsyncMockBackend(mock_of("2.4"))) as dv:
            return [row.mailbox or "" for row in await dv.mailbox.list(all_users=True)]

    assert asyncio.run(run()) == ["INBOX", "INBOX"]


def test_any_other_path_or_method_is_not_found_in_text() -> None:
    mock = mock_of("2.4")
    for method, path in (("PUT", "/doveadm/v1"), ("GET", "/doveadm/v2"), ("POST", "/doveadm/v1/")):
        response = mock.handle(Request(method, path))
        assert (response.status, response.content) == (404, b"Path Not Found\r\n")
    with Doveadm("http://mock.test/elsewhere", backend=MockBackend(mock)) as dv, pytest.raises(NotFound):
        dv.server.reload()
