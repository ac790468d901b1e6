"""Commands over one URL: recorded exchanges, runs of the contract, and seeded bugs that a run must find."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from mailwright.cli import main
from mailwright.contract.bindings import Client
from mailwright.contract.run import run
from mailwright.targets import Target

RECORDED = Path(__file__).parents[1] / "exchanges"
RUNTIME = "mailwright.runtime"
Patch = pytest.MonkeyPatch
SOME = ("fetch", "kick", "listCommands", "mailboxDelete", "mailboxStatus", "quotaGet", "reload", "user", "who")


def module(name: str) -> Any:
    return importlib.import_module(name)


@pytest.fixture(scope="module", params=["dovecot-2.3", "dovecot-2.4"])
def dovecot(request: pytest.FixtureRequest) -> Client:
    return Client(Target.parse(request.param))


@pytest.mark.parametrize(
    ("target", "counts"),
    [
        ("dovecot-2.3", "matched 156 raw 77 skipped 6 request_diff 0 outcome_diff 0"),
        ("dovecot-2.4", "matched 128 raw 116 skipped 7 request_diff 0 outcome_diff 0"),
    ],
)
def test_recorded_exchanges_replay_without_a_difference(
    target: str, counts: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", target, str(RECORDED / f"{target}.jsonl")]) == 0
    assert capsys.readouterr().out.rstrip().splitlines()[-1] == f"replay {target}: {counts}"


def test_a_run_finds_nothing(dovecot: Client) -> None:
    operations = [dovecot.document.operations[name] for name in SOME]
    suite = run(dovecot, operations, cases=10, seed=3)
    assert [f"{each.operation}: {each.kind}: {each.got}" for each in suite.findings] == []
    assert all(suite.counts[name, half] > 0 for name in SOME for half in ("encode", "decode"))


def exchange(request: object, answer: object, outcome: str, **response: object) -> dict[str, Any]:
    return {
        "request": {"method": "POST", "path": "/doveadm/v1", "json": request},
        "response": {"status": 200, "headers": {"content-type": "application/json"}, "json": answer, **response},
        "outcome": outcome,
    }


LIST: Any = ["mailboxList", {"user": "jane"}, "t"]
GOOD: Any = ["doveadmResponse", [{"mailbox": "INBOX"}], "t"]


@pytest.mark.parametrize(
    ("line", "counts", "told"),
    [
        # What the client does is what was recorded.
        (exchange([LIST], [GOOD], "success"), "matched 1 raw 0 skipped 0 request_diff 0 outcome_diff 0", ""),
        # What it never sends, or sends otherwise, is looked at for its answer alone.
        (
            exchange([["mailboxList", {"user": "jane", "utf8": False}, "t"]], [GOOD], "success"),
            "matched 0 raw 1 skipped 0 request_diff 0 outcome_diff 0",
            "",
        ),
        (
            exchange([["mailbox list", {"user": "jane"}, "t"]], [GOOD], "success"),
            "matched 0 raw 1 skipped 0 request_diff 0 outcome_diff 0",
            "",
        ),
        (
            exchange([["mailboxList", {}, "t"]], [GOOD], "success"),
            "matched 0 raw 1 skipped 0 request_diff 0 outcome_diff 0",
            "",
        ),
        # A recording that says otherwise than its answer is a difference.
        (
            exchange([LIST], [GOOD], "failure"),
            "matched 1 raw 0 skipped 0 request_diff 0 outcome_diff 1",
            "an error was taken for a success",
        ),
        (
            exchange([LIST], [["error", {"type": "exitCode", "exitCode": 67}, "t"]], "success"),
            "matched 1 raw 0 skipped 0 request_diff 0 outcome_diff 1",
            "an answer that fits was refused",
        ),
        (
            exchange([LIST, LIST], [GOOD, GOOD], "success"),
            "matched 0 raw 1 skipped 0 request_diff 0 outcome_diff 0",
            "",
        ),
        (
            exchange([LIST, ["noSuch", {}, "u"]], [GOOD], "success"),
            "matched 0 raw 1 skipped 0 request_diff 0 outcome_diff 1",
            "outcomes of a batch",
        ),
    ],
)
def test_what_a_replay_counts(
    line: dict[str, Any], counts: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "recorded.jsonl"
    file.write_text(json.dumps(line) + "\n")
    assert main(["replay", "dovecot-2.4", str(file)]) == (1 if told else 0)
    printed = capsys.readouterr().out
    assert printed.rstrip().splitlines()[-1] == f"replay dovecot-2.4: {counts}"
    assert told in printed


@dataclass(frozen=True)
class Mutant:
    bug: Callable[[Patch], None]
    operation: str
    told: str


def tag_not_looked_at(patch: Patch) -> None:
    patch.setattr(module(f"{RUNTIME}.rpc").SentCommand, "dialect", lambda self, dialect: dialect)


def tag_is_empty(patch: Patch) -> None:
    patch.setattr(f"{RUNTIME}.rpc.os.urandom", lambda size: b"")


def false_is_sent(patch: Patch) -> None:
    rpc = module(f"{RUNTIME}.rpc")
    original = rpc.body_of

    def with_false(command: Any, body: Any) -> dict[str, object]:
        given = original(command, body)
        return {**given, **({"totalSum": False} if getattr(body, "total_sum", None) is False else {})}

    patch.setattr(rpc, "body_of", with_false)


def needs_not_asked_for(patch: Patch) -> None:
    rpc = module(f"{RUNTIME}.rpc")
    original = rpc.body_of
    patch.setattr(rpc, "body_of", lambda command, body: original(replace(command, needs=()), body))


def empty_lists_sent(patch: Patch) -> None:
    rpc = module(f"{RUNTIME}.rpc")
    original = rpc.fields_of
    patch.setattr(rpc, "fields_of", lambda kind: [replace(field, is_list=False) for field in original(kind)])


def other_columns_dropped(patch: Patch) -> None:
    shape = module(f"{RUNTIME}.rows")._Shape
    original = shape.fit

    def fit(self: Any, row: dict[str, Any]) -> None:
        original(self, row)
        if self.rest:
            row[self.rest] = {}

    patch.setattr(shape, "fit", fit)


def dash_is_zero(patch: Patch) -> None:
    shape = module(f"{RUNTIME}.rows")._Shape
    original = shape.fit

    def fit(self: Any, row: dict[str, Any]) -> None:
        zeros = {name: 0 for name in self.numbers if row.get(name) == "-"}
        original(self, row)
        row.update(zeros)

    patch.setattr(shape, "fit", fit)


def errors_in_the_answer_overlooked(patch: Patch) -> None:
    dialect = module(f"{RUNTIME}.dialects.doveadm").DoveadmDialect
    patch.setattr(dialect, "failure", lambda self, status, headers, content: None)


def exit_code_taken_for_any_error(patch: Patch) -> None:
    doveadm = module(f"{RUNTIME}.dialects.doveadm")
    original = doveadm._failure
    patch.setattr(
        doveadm,
        "_failure",
        lambda error: original(doveadm._Error(type="exitCode", code=error.code) if error else error),
    )


def first_row_of_several_parts_only(patch: Patch) -> None:
    patch.setattr(f"{RUNTIME}.rows._rows", lambda parts: parts[0])


MUTANTS = [
    Mutant(tag_not_looked_at, "mailboxList", "an error was taken for a success"),
    Mutant(tag_is_empty, "reload", "tag"),
    Mutant(false_is_sent, "mailboxStatus", "parameters $.totalSum"),
    Mutant(needs_not_asked_for, "quotaGet", "parameters"),
    Mutant(empty_lists_sent, "kick", "mask: "),
    Mutant(other_columns_dropped, "fetch", "an answer changed"),
    Mutant(dash_is_zero, "quotaGet", "an answer changed at $[].limit"),
    Mutant(errors_in_the_answer_overlooked, "reload", "an error of the API was not told as one"),
    Mutant(exit_code_taken_for_any_error, "reload", "an error lost its code"),
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.bug.__name__)
def test_a_seeded_bug_is_found(mutant: Mutant, monkeypatch: Patch) -> None:
    client = Client(Target.parse("dovecot-2.4"))
    mutant.bug(monkeypatch)
    suite = run(client, [client.document.operations[mutant.operation]], cases=30, seed=1)
    assert mutant.told in "\n".join(each.kind for each in suite.findings)


def test_a_replay_finds_that_only_the_first_part_of_who_is_read(
    monkeypatch: Patch, capsys: pytest.CaptureFixture[str]
) -> None:
    first_row_of_several_parts_only(monkeypatch)
    assert main(["replay", "dovecot-2.3", str(RECORDED / "dovecot-2.3.jsonl")]) == 1
    assert "who: outcome: an answer changed at $.length" in capsys.readouterr().out
