"""What the README shows is true: its Python runs, its commands exist, its tree is the tree."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from mailwright_dovecot.v2_4 import Doveadm
from mailwright_stalwart import Stalwart, models
from mailwright_wildduck import WildDuck

from mailwright.cli import main
from mailwright.codegen.project import source_targets
from mailwright.mock import Mock, MockBackend
from mailwright.recipes.stalwart import read_export
from mailwright.runtime import APIError, MailwrightError, TransportError
from mailwright.targets import bundled_document

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_first_sample_runs_against_the_mock(capsys: pytest.CaptureFixture[str]) -> None:
    backend = MockBackend(Mock(bundled_document("wildduck-1.51"), token="secret"))
    sample = (
        PYTHON[0].replace('access_token="…"', 'access_token="secret", backend=backend').replace("…", "correct horse")
    )
    exec(compile(sample, "README.md", "exec"), {"backend": backend})
    assert capsys.readouterr().out.splitlines() == ["jane@example.org 0", "UserExistsError"]


def test_the_recipes_sample_runs_against_the_mock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    backend = MockBackend(Mock(bundled_document("wildduck-1.51"), token="secret"))
    with WildDuck("http://mock.test", access_token="secret", backend=backend) as mail:
        (sample,) = [text for text in PYTHON if "recipes.wildduck" in text]
        exec(compile(sample.replace("…", "correct horse"), "README.md", "exec"), {"mail": mail})
        assert [user.address for user in mail.users.list()] == ["jane@example.org"]
    assert (tmp_path / "jane.mbox").read_bytes() == b""


def test_the_sample_of_recipes_for_dovecot_runs_against_the_mock(capsys: pytest.CaptureFixture[str]) -> None:
    jane = "jane@example.org"
    with Doveadm("http://mock.test", backend=MockBackend(Mock(bundled_document("dovecot-2.4")))) as dv:
        dv.mailbox.create(user=jane, mailbox=["Lists"])
        dv.mail.save(user=jane, file="List-Id: <talk.example.org>\n\nHello\n")
        (sample,) = [text for text in PYTHON if "recipes.dovecot" in text]
        exec(compile(sample, "README.md", "exec"), {"dv": dv})
        assert [row.messages for row in dv.mailbox.status(user=jane, field=["messages"], mailbox_mask=["Lists"])] == [1]
        assert jane not in [row.username for row in dv.who.list()]
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["USER", jane, "joe@example.org"]


def test_the_samples_of_stalwart_run_against_the_mock(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    backend = MockBackend(Mock(bundled_document("stalwart-0.15"), token="secret"))
    (sample,) = [text for text in PYTHON if "Stalwart(" in text]
    exec(
        compile(sample.replace('token="…"', 'token="secret", backend=backend'), "README.md", "exec"),
        {"backend": backend},
    )
    person, steps = capsys.readouterr().out.splitlines()
    assert person == "jane ['jane@example.org', 'info@example.org'] 5000000000"
    assert (steps.split()[0], steps.split()[-1]) == ("StepMxLookupStart", "StepCompleted")

    kept: list[str] = []
    with Stalwart("http://mock.test/api", token="secret", backend=backend) as mail:
        assert [each.return_path for each in mail.queue.list_messages(values=True)] == ["ada@example.net"] * 2  # type: ignore[union-attr]
        mail.principals.create(models.NewApiKey(name="backup", secrets=["old"]))
        (sample,) = [text for text in PYTHON if "recipes.stalwart import" in text]
        names = {"mail": mail, "models": models, "vault": SimpleNamespace(keep=kept.append)}
        exec(compile(sample, "README.md", "exec"), names)
        assert [each[:4] for each in kept] == ["api_"]
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "example.com. IN MX 10 mx.example.net."
    assert told[-1] == "[('jane', 'fieldAlreadyExists')]"
    assert any(isinstance(each, models.ApiKey) for each in read_export(tmp_path / "server.jsonl"))


def test_the_sample_of_mailcow_runs_against_the_mock(capsys: pytest.CaptureFixture[str]) -> None:
    backend = MockBackend(Mock(bundled_document("mailcow-2026.08"), token="secret"))
    (sample,) = [text for text in PYTHON if "Mailcow(" in text]
    sample = sample.replace('api_key="…"', 'api_key="secret", backend=backend').replace("…", "correct horse battery")
    exec(compile(sample, "README.md", "exec"), {"backend": backend})
    quota, code, failed = capsys.readouterr().out.splitlines()
    assert (quota, code) == (str(500 * 1024 * 1024), "object_exists")
    assert failed.startswith("nobody@example.org ")


def test_the_mock_sample_runs() -> None:
    names: dict[str, object] = {}
    (sample,) = [text for text in PYTHON if "MockBackend" in text]
    exec(compile(sample, "README.md", "exec"), names)
    mail = names["mail"]
    assert [user.username for user in mail.users.list()] == []  # type: ignore[attr-defined]


def test_the_sample_of_dovecot_runs_against_the_mock(capsys: pytest.CaptureFixture[str]) -> None:
    mock = Mock(bundled_document("dovecot-2.4"), token="secret")
    with Doveadm("http://mock.test", password="secret", backend=MockBackend(mock)) as dv:
        dv.mail.save(user="jane@example.org", file="Subject: Lunch\n\nNoon?\n")
    (sample,) = [text for text in PYTHON if "Doveadm(" in text]
    sample = sample.replace('password="…"', 'password="secret", backend=backend')
    exec(compile(sample, "README.md", "exec"), {"backend": MockBackend(mock)})
    told = capsys.readouterr().out.splitlines()
    assert told == [
        "jane@example.org INBOX 1 25",
        "joe@example.org INBOX 0 0",
        "1 Lunch",
        "True There is no such user in the user database. False",
    ]


@pytest.mark.parametrize("command", sorted(set(re.findall(r"^mailwright ([a-z]+)", README, re.MULTILINE))))
def test_every_command_exists(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert command in capsys.readouterr().out


@pytest.mark.parametrize("session", sorted(set(re.findall(r"nox -s ([a-z]+)", README))))
def test_every_session_exists(session: str) -> None:
    assert re.search(rf"@nox\.session\ndef {session}\(", (ROOT / "noxfile.py").read_text(encoding="utf-8"))


def test_the_first_two_commands_are_the_demo_and_the_tests() -> None:
    blocks = [block.strip() for block in README.split("```")[1::2] if block.startswith("\n")]
    assert blocks[:2] == ["pip install nox && nox -s demo", "pip install nox && nox -s tests"]
    assert blocks[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_exception_stands_in_the_tree() -> None:
    def below(kind: type) -> set[str]:
        return {kind.__name__}.union(*(below(each) for each in kind.__subclasses__()))

    shown = set(re.findall(r"\b[A-Z][A-Za-z]+\b", README[README.index("MailwrightError\n") :].partition("```")[0]))
    recipes = {"SecondFactorNeeded", "ExportInvalid", "ExportUnsteady"}
    assert all(f"`{name}`" in README for name in recipes)
    assert below(MailwrightError) <= shown | recipes
    assert below(TransportError) | below(APIError) <= shown


def test_the_table_has_every_target_with_its_operations() -> None:
    # Not those that are installed: other tests put packages of their own beside them.
    for target in source_targets(ROOT):
        methods = {"get", "put", "post", "delete", "patch"}
        paths = bundled_document(target.name)["paths"].values()
        count = sum(len(methods & item.keys()) for item in paths)
        assert f"| `{target.name}` |" in README
        assert f"| {count} of the " in README
        assert target.import_name in README


def test_no_generated_file_names_this_machine_or_a_registry() -> None:
    folders = ("src", "generated", "specs", "overlays", "templates", ".ci", "examples", "changelog.d")
    files = [p for f in folders for p in (ROOT / f).rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    words = ("/home/", "/root/", "pypi.org", "registry.npmjs", "deb.debian", str(ROOT))
    wrong = [(p, w) for p in files for w in words if w in p.read_text(encoding="utf-8")]
    assert wrong == []


def test_the_dependencies_of_the_clients_are_two() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [re.match(r"[a-z0-9]+", each)[0] for each in project["dependencies"]] == ["httpx", "msgspec"]  # type: ignore[index]
