"""Seeded bugs: the contract run must find each, and say enough to repeat it."""

from __future__ import annotations

import contextlib
import importlib
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from mailwright.cli import main
from mailwright.contract.bindings import Client
from mailwright.contract.findings import Finding
from mailwright.contract.run import run
from mailwright.runtime import ApiKey, AsyncPages, MailwrightError, Pages

Patch = pytest.MonkeyPatch
RUNTIME = "mailwright.runtime"
GENERATED = "mailwright_wildduck.v1_0_107"


def module(name: str) -> Any:
    return importlib.import_module(name)


def path_quoting_removed(patch: Patch) -> None:
    patch.setattr(f"{RUNTIME}.arguments._segment", lambda place, argument: str(argument))


def slash_kept_in_paths(patch: Patch) -> None:
    original = module(f"{RUNTIME}.arguments")._segment
    patch.setattr(
        f"{RUNTIME}.arguments._segment",
        lambda place, argument: original(place, argument).replace("%2F", "/"),
    )


def dot_segments_sent(patch: Patch) -> None:
    patch.setattr(f"{RUNTIME}.arguments._segment", lambda place, argument: quote(str(argument), safe=""))


def query_parameter_renamed(patch: Patch) -> None:
    original = module(f"{RUNTIME}.exchange").query_pairs

    def renamed(query: Mapping[str, object], csv: Any) -> Iterator[tuple[str, str]]:
        for name, value in original(query, csv):
            yield "required_tags" if name == "requiredTags" else name, value

    patch.setattr(f"{RUNTIME}.exchange.query_pairs", renamed)


def lax_second_try_dropped(patch: Patch) -> None:
    operation = module(f"{GENERATED}.quota").RESET_QUOTA
    patch.setitem(vars(operation), "lax_decoder", operation.decoder)


def envelope_check_dropped(patch: Patch) -> None:
    dialect = module(f"{RUNTIME}.dialects.wildduck").WildDuckDialect
    patch.setattr(dialect, "failure", lambda self, status, headers, content: None)


def success_taken_for_truthy(patch: Patch) -> None:
    dialect = module(f"{RUNTIME}.dialects.wildduck").WildDuckDialect
    original = dialect.failure

    def loose(self: object, status: int, headers: Any, content: bytes) -> object:
        with contextlib.suppress(msgspec.MsgspecError, ValueError, AttributeError, RecursionError):
            if msgspec.json.decode(content).get("success") and status < 300:
                return None
        return original(self, status, headers, content)

    patch.setattr(dialect, "failure", loose)


def list_sent_as_repeated_keys(patch: Patch) -> None:
    users = module(f"{GENERATED}.users")
    patch.setattr(users, "LIST_USERS", replace(users.LIST_USERS, csv=()))


def false_not_sent(patch: Patch) -> None:
    original = module(f"{RUNTIME}.exchange").query_pairs
    patch.setattr(
        f"{RUNTIME}.exchange.query_pairs",
        lambda query, csv: original({name: value for name, value in query.items() if value is not False}, csv),
    )


def whole_numbers_through_float(patch: Patch) -> None:
    original = module(f"{RUNTIME}.arguments")._text

    def rounded(place: str, value: object) -> str:
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return str(int(float(value))) if is_number else original(place, value)

    patch.setattr(f"{RUNTIME}.arguments._text", rounded)


def large_numbers_of_a_body_rounded(patch: Patch) -> None:
    original = module(f"{RUNTIME}.exchange").encode

    def rounded(body: object) -> bytes | None:
        content = original(body)
        if content is None:
            return None
        given = msgspec.json.decode(content)
        large = {key: float(value) for key, value in given.items() if isinstance(value, int) and abs(value) > 2**53}
        return msgspec.json.encode({**given, **large})

    patch.setattr(f"{RUNTIME}.exchange.encode", rounded)


def field_dropped_on_decode(patch: Patch) -> None:
    users = module(f"{GENERATED}.users")
    result = msgspec.defstruct("Partial", [("success", bool), ("id", str)])
    patch.setattr(users, "GET_USER", replace(users.GET_USER, result=result))


def number_decoded_as_text(patch: Patch) -> None:
    quota = module(f"{GENERATED}.quota")
    result = msgspec.defstruct("Wrong", [("success", bool), ("storage_used", str, msgspec.field(name="storageUsed"))])
    patch.setattr(quota, "RESET_QUOTA", replace(quota.RESET_QUOTA, result=result))


def cursor_ignored(patch: Patch) -> None:
    users = module(f"{GENERATED}.users")
    patch.setattr(users, "LIST_USERS", replace(users.LIST_USERS, paging=replace(users.LIST_USERS.paging, cursor="")))


def cursor_not_sent_by_the_async_client(patch: Patch) -> None:
    original = AsyncPages.page
    patch.setattr(AsyncPages, "page", lambda self, **cursors: original(self))


def filter_forgotten_after_the_first_page(patch: Patch) -> None:
    original = Pages.page

    def forgetful(self: Any, **cursors: Any) -> Any:
        if cursors.get("next") is not None:
            self._query.query = {}
        return original(self, **cursors)

    patch.setattr(Pages, "page", forgetful)


def secret_in_repr(patch: Patch) -> None:
    patch.setattr(f"{RUNTIME}.models.secret_fields", lambda model: frozenset())


def token_sent_twice(patch: Patch) -> None:
    patch.setattr(ApiKey, "headers", property(lambda self: ((self.name, self.secret), ("X-Debug", self.secret))))


def token_in_exception(patch: Patch) -> None:
    patch.setattr(f"{RUNTIME}.exchange.shortened", lambda text, secrets: text)


def builtin_exceptions_pass(patch: Patch) -> None:
    patch.setattr(f"{RUNTIME}.decoding._FAILURES", (msgspec.DecodeError,))


def status_lost(patch: Patch) -> None:
    original = module(f"{RUNTIME}.exchange").Exchange._tell

    def forgetful(self: Any, error: MailwrightError) -> None:
        original(self, error)
        error.status = None

    patch.setattr(f"{RUNTIME}.exchange.Exchange._tell", forgetful)


def argument_swapped_with_its_neighbour(patch: Patch) -> None:
    mailboxes = module(f"{GENERATED}.mailboxes")
    original = module(f"{RUNTIME}.exchange").path_of
    path = mailboxes.GET_MAILBOX.path
    patch.setattr(
        f"{RUNTIME}.exchange.path_of",
        lambda template, values: original(template, values[::-1] if template == path else values),
    )


def none_sent_as_null(patch: Patch) -> None:
    patch.setattr(f"{RUNTIME}.body.with_words", lambda body: body)


def false_not_read_as_none(patch: Patch) -> None:
    patch.setattr(f"{GENERATED}.models.read_nones", lambda model: None)


def end_of_a_range_left_out(patch: Patch) -> None:
    original = module(f"{RUNTIME}.id_sets").id_set
    patch.setattr(
        f"{GENERATED}.messages.id_set",
        lambda operation, ids: original(operation, ids[:-1] if isinstance(ids, range) else ids),
    )


@dataclass(frozen=True)
class Mutant:
    """One seeded bug and what the run has to say of it."""

    bug: Callable[[Patch], None]
    operation: str
    kind: str
    arguments: str
    wanted: str
    got: str


MUTANTS = [
    Mutant(path_quoting_removed, "getUser", "hostile: user: path", "(' ')", "'users/ '", "(not quoted)"),
    Mutant(slash_kept_in_paths, "getUser", "hostile: user: path", "('/')", "users//", "(3 segments, not 2)"),
    Mutant(dot_segments_sent, "getUser", "hostile: user: a value that must be refused", "('')", "UsageError", "GET"),
    Mutant(query_parameter_renamed, "listUsers", "encode: query requiredTags", "required_tags=[", "('0',)", "(absent)"),
    Mutant(
        envelope_check_dropped, "deleteUser", "decode: success is false:", "('a')", "documented exception", "Success"
    ),
    Mutant(success_taken_for_truthy, "deleteUser", "decode: success is 'true':", "('a')", "exception", "Success"),
    Mutant(list_sent_as_repeated_keys, "listUsers", "encode: query tags", "tags=['0', '0']", "0,0", "('0', '0')"),
    Mutant(false_not_sent, "listMailboxes", "encode: query counters", "counters=False", "('false',)", "(absent)"),
    Mutant(whole_numbers_through_float, "listUsers", "hostile: limit: query limit", "992", "993", "992"),
    Mutant(large_numbers_of_a_body_rounded, "updateUser", "hostile: quota: body $.quota", "quota=", "9", "9"),
    Mutant(field_dropped_on_decode, "getUser", "decode: an answer changed at $", "('a')", "", "(absent)"),
    Mutant(
        number_decoded_as_text, "resetQuota", "decode: an answer that fits was refused", "('a'", "a value", "Invalid"
    ),
    Mutant(lax_second_try_dropped, "resetQuota", "whole numbers as text: a careless", "('a'", "a value", "Invalid"),
    Mutant(cursor_ignored, "listUsers", "decode: pages read", "query='needle'", "2 pages", "1 pages"),
    Mutant(cursor_not_sent_by_the_async_client, "listUsers", "query next (async)", "next=", "0", "(absent)"),
    Mutant(filter_forgotten_after_the_first_page, "listUsers", "walking: query query", "needle", "needle", "(absent)"),
    Mutant(
        secret_in_repr,
        "authenticate",
        "a secret is in the repr of the request's model",
        "password",
        "***",
        "<a secret>",
    ),
    Mutant(token_sent_twice, "getUser", "encode: headers with the token", "", "x-access-token", "x-debug"),
    Mutant(
        token_in_exception, "getUser", "hostile: the token is in the text of an exception", "", "***", "<the token>"
    ),
    Mutant(
        builtin_exceptions_pass,
        "getUser",
        "decode: a field 100,000 lists deep: ",
        "('a')",
        "documented",
        "RecursionError",
    ),
    Mutant(status_lost, "getUser", "decode: an error lost its status", "('a')", "status", "None"),
    Mutant(none_sent_as_null, "createUser", "encode: body $.password", "password=None", "False", "None"),
    Mutant(false_not_read_as_none, "getUser", "decode: an answer changed at $", "('a')", "False", "False"),
    Mutant(end_of_a_range_left_out, "updateMessages", "encode: path", "range(", "messages/", "messages/"),
    Mutant(argument_swapped_with_its_neighbour, "getMailbox", "encode: path", "1", "mailboxes/", "mailboxes/"),
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.bug.__name__)
def test_a_seeded_bug_is_found_and_can_be_repeated(
    wildduck: Client, monkeypatch: pytest.MonkeyPatch, mutant: Mutant
) -> None:
    mutant.bug(monkeypatch)
    suite = run(wildduck, [wildduck.document.operations[mutant.operation]], cases=10, seed=1)
    told = [finding for finding in suite.findings if mutant.kind in str(finding)]
    assert told, "\n".join(map(str, suite.findings)) or "nothing was found"
    finding = told[0]
    assert finding.operation == mutant.operation
    assert mutant.arguments in finding.arguments
    assert mutant.wanted in finding.wanted
    assert mutant.got in finding.got
    assert repeats(finding)


def repeats(finding: Finding) -> bool:
    """Runs the line a finding gives, as a person would who has the bug."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            exec(finding.repeat, {})
        except (MailwrightError, RecursionError) as error:
            print(type(error).__name__)
    return bool(printed.getvalue().strip())


@pytest.mark.parametrize(
    ("bug", "operation", "said"),
    [
        (path_quoting_removed, "getUser", "getUser: hostile: user: path"),
        (query_parameter_renamed, "listUsers", "listUsers: encode: query requiredTags"),
        (envelope_check_dropped, "getUser", "getUser: decode: success is false: an error was taken for a success"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_command_fails_on_a_seeded_bug(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    bug: Callable[[Patch], None],
    operation: str,
    said: str,
) -> None:
    bug(monkeypatch)
    assert main(["contract", "wildduck-1.0.107", "--cases", "5", "--operation", operation]) == 1
    out = capsys.readouterr().out
    block = out[out.index(said) :]
    assert block.index("arguments") < block.index("wanted") < block.index("got") < block.index("repeat")
    assert "WildDuck('http://contract.test:8080/api', access_token=" in block
    assert " differences in " in out.rstrip().splitlines()[-1]


def test_the_line_of_a_finding_runs_by_itself_in_a_new_interpreter(
    wildduck: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    import subprocess
    import sys

    query_parameter_renamed(monkeypatch)
    suite = run(wildduck, [wildduck.document.operations["listUsers"]], cases=2, seed=1)
    finding = next(each for each in suite.findings if each.kind == "query requiredTags")
    done = subprocess.run([sys.executable, "-c", finding.repeat], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "GET http://contract.test:8080/api/users?requiredTags=" in done.stdout
