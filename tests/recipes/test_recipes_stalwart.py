"""The recipes for Stalwart on its mock server, plain and with asyncio."""

from __future__ import annotations

import inspect
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from mailwright_stalwart.v0_15 import Stalwart, models
from stalwart_recipe_servers import TOKEN, URL, Server

from mailwright.mock import Fault, MockBackend
from mailwright.recipes import async_stalwart, stalwart, stalwart_export
from mailwright.recipes.stalwart import ExportInvalid, ExportUnsteady, Setting, read_export
from mailwright.runtime import (
    AuthenticationFailed,
    Conflict,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    ServerError,
    UsageError,
    bearer,
)


@pytest.fixture(params=[False, True], ids=["plain", "asyncio"])
def server(request: pytest.FixtureRequest) -> Server:
    return Server(is_async=request.param)


def test_a_domain_is_made_ready_and_its_zone_has_its_keys(server: Server) -> None:
    done = server.run("provision_domain", "Example.ORG.", ttl=3600, description="The office")
    assert done.name == "example.org"
    assert done.created == ("example.org", "ed25519-example.org", "rsa-example.org")
    assert done.reload == models.ReloadReport(warnings={}, errors={})
    lines = done.zone.splitlines()
    assert lines[0] == "example.org. 3600 IN MX 10 mx.example.net."
    assert all(line.split(" ")[0].endswith(".") and line.split(" ")[1] == "3600" for line in lines)
    for key in done.keys.values():
        assert sum(key in line.replace('" "', "") for line in lines) == 1
    assert any(line.count('"') == 4 for line in lines), "the RSA key is longer than one string"
    domain = server.mail.principals.get("example.org")
    assert (type(domain), domain.description) == (models.Domain, "The office")


def test_another_run_completes_what_is_missing_and_never_asks_for_a_second_signature(server: Server) -> None:
    server.mail.principals.create(models.NewDomain(name="example.org"))
    server.mail.dkim.create(algorithm="Rsa", domain="example.org")
    before = server.mail.dkim.get("rsa-example.org")
    done = server.run("provision_domain", "example.org")
    assert done.created == ("ed25519-example.org",)
    assert done.keys["rsa-example.org"] == before
    count = server.asked().count("createDkimSignature")
    again = server.run("provision_domain", "example.org", reload=False)
    assert (again.created, again.zone, again.reload) == ((), done.zone, None)
    assert server.asked().count("createDkimSignature") == count


@pytest.mark.parametrize("is_async", [False, True])
def test_a_run_that_was_cut_short_is_completed(is_async: bool) -> None:
    server = Server(is_async=is_async, faults=(Fault("createDkimSignature", status=500, times=1),))
    with pytest.raises(ServerError):
        server.run("provision_domain", "example.org")
    assert server.run("provision_domain", "example.org").created == ("ed25519-example.org", "rsa-example.org")


def test_a_domain_is_no_other_principal_and_has_no_signature_of_another_domain(server: Server) -> None:
    server.mail.principals.create(models.NewGroup(name="sales.example"))
    with pytest.raises(Conflict, match="no domain but Group"):
        server.run("provision_domain", "sales.example")
    server.mail.dkim.create(algorithm="Rsa", domain="example.com", id="rsa-example.org")
    with pytest.raises(Conflict, match=r"rsa-example\.org"):
        server.run("provision_domain", "example.org")


@pytest.mark.parametrize("name", ["", "a..b", "exämple.org", "-a.org", "a b", "x" * 64 + ".org", "a.b\nc"])
def test_what_is_no_domain_is_not_made(server: Server, name: str) -> None:
    with pytest.raises(UsageError):
        server.run("provision_domain", name)
    with pytest.raises(UsageError, match="no algorithm"):
        server.run("provision_domain", "example.org", algorithms=["Dsa"])
    assert server.asked() == []


def test_users_are_created_and_what_failed_is_told_for_each(server: Server) -> None:
    server.mail.principals.create(models.NewDomain(name="example.org"))
    people = [
        models.NewIndividual(name="jane", emails=["jane@example.org"], secrets=["$6$hunter2"]),
        models.NewIndividual(name="jane", secrets=["$6$hunter2"]),
        models.NewIndividual(name="joe", emails=["joe@example.com"]),
        models.NewIndividual(name="ann", description="x" * 513),
        models.NewIndividual(name=""),
        models.NewIndividual(name="eve"),
    ]
    told: list[Any] = []
    report = server.run("create_users", people, progress=told.append)
    assert list(report.created) == ["jane", "eve"]
    assert server.mail.principals.get("eve").id == report.created["eve"]
    assert [(each.user.name, type(each.error), each.error.code) for each in report.failed] == [
        ("jane", Conflict, "fieldAlreadyExists"),
        ("joe", NotFound, "notFound"),
        ("ann", InvalidRequest, None),
        ("", InvalidRequest, "fieldMissing"),
    ]
    assert [(each.done, each.failed, each.total, each.name) for each in told] == [
        (1, 0, 6, "jane"),
        (2, 1, 6, "jane"),
        (3, 2, 6, "joe"),
        (4, 3, 6, "ann"),
        (5, 4, 6, ""),
        (6, 4, 6, "eve"),
    ]
    assert [each.error for each in told if each.error] == [each.error for each in report.failed]
    assert "hunter2" not in repr(report) + repr(told)
    server.mail.principals.create(models.NewDomain(name="example.com"))
    again = server.run("create_users", (each.user for each in report.failed))
    assert (list(again.created), len(again.failed)) == (["joe"], 3)


def office_key(server: Server) -> str:
    """An API key of which the token is known."""
    server.mail.principals.create(
        models.NewApiKey(name="office", description="The office", secrets=["old"], roles=["admin"])
    )
    return "api_b2ZmaWNlOm9sZA=="


def works(server: Server, token: str) -> bool:
    with Stalwart(URL, token=token, backend=MockBackend(server.mock)) as mail:
        try:
            return mail.queue.is_running()
        except AuthenticationFailed:
            return False


def keys(server: Server) -> list[str]:
    return [str(each.name) for each in server.mail.principals.list(types="apiKey")]


def test_a_key_is_handed_over_once_while_the_old_one_works_and_then_takes_its_place(server: Server) -> None:
    old = office_key(server)
    handed: list[tuple[str, bool, bool]] = []
    done = server.run(
        "rotate_api_key",
        "office",
        lambda token: handed.append((token, works(server, token), works(server, old))),
        token=old,
    )
    ((token, new_worked, old_worked),) = handed
    assert (new_worked, old_worked) == (True, True)
    assert (works(server, token), works(server, old)) == (True, False)
    assert (keys(server), done.replaced) == ([done.name], "office")
    found = server.mail.principals.get(done.name)
    assert isinstance(found, models.ApiKey)
    assert (found.id, found.description, found.roles) == (done.id, "The office", ["admin"])
    assert found.secrets is not None
    assert [each.startswith("{SSHA256}") for each in found.secrets] == [True]
    assert token not in repr(done)
    again = server.run("rotate_api_key", done.name, handed.append)
    assert (again.name != done.name, len(again.name)) == (True, len(done.name))


def test_a_key_is_tried_by_what_it_is_for(server: Server) -> None:
    office_key(server)
    seen: list[str] = []
    done = server.run("rotate_api_key", "office", str, new_name="Office-2", trial=server.trying(seen.append))
    assert (done.name, seen) == ("office-2", ["office-2"])


def broken(*_: object) -> None:
    raise OSError("the vault is shut")


@pytest.mark.parametrize("place", ["hand_over", "trial"])
def test_nothing_is_lost_when_a_key_is_not_taken(server: Server, place: str) -> None:
    old = office_key(server)
    handed: list[str] = []
    given: dict[str, Any] = {"hand_over": handed.append, place: broken}
    with pytest.raises(OSError, match="vault"):
        server.run("rotate_api_key", "office", **given)
    assert (handed, keys(server), works(server, old)) == ([], ["office"], True)


@pytest.mark.parametrize("is_async", [False, True])
def test_a_new_key_that_does_not_work_is_not_handed_over(is_async: bool) -> None:
    server = Server(is_async=is_async, faults=(Fault("getUsedQuota", status=403),))
    old = office_key(server)
    handed: list[str] = []
    with pytest.raises(PermissionDenied):
        server.run("rotate_api_key", "office", handed.append)
    assert (handed, keys(server), works(server, old)) == ([], ["office"], True)


@pytest.mark.parametrize("is_async", [False, True])
def test_a_key_that_may_have_been_made_is_taken_back(is_async: bool) -> None:
    server = Server(is_async=is_async)
    office_key(server)
    broken = Server(is_async=is_async, faults=(Fault("createPrincipal", kind="html"),))
    broken.mock.state = server.mock.state
    with pytest.raises(ServerError):
        broken.run("rotate_api_key", "office", str)
    assert broken.asked()[-1] == "deletePrincipal"
    assert keys(server) == ["office"]


@pytest.mark.parametrize("is_async", [False, True])
def test_an_old_key_that_stays_leaves_the_new_one_in_place(is_async: bool) -> None:
    server = Server(is_async=is_async, faults=(Fault("deletePrincipal", status=500),))
    old = office_key(server)
    handed: list[str] = []
    with pytest.raises(ServerError) as failure:
        server.run("rotate_api_key", "office", handed.append, new_name="other")
    assert failure.value.__notes__ == ["the new key other works and was handed over; the old key office is still there"]
    assert (works(server, handed[0]), works(server, old)) == (True, True)


@pytest.mark.parametrize("is_async", [False, True])
def test_a_new_key_that_cannot_be_taken_back_is_told_of(is_async: bool) -> None:
    server = Server(is_async=is_async, faults=(Fault("deletePrincipal", status=500),))
    office_key(server)
    with pytest.raises(OSError, match="vault") as failure:
        server.run("rotate_api_key", "office", broken, new_name="other")
    assert failure.value.__notes__[0].startswith("the new key other could not be deleted again")


def test_a_key_of_somebody_else_is_neither_taken_nor_deleted(server: Server) -> None:
    office_key(server)
    server.mail.principals.create(models.NewApiKey(name="taken", secrets=["x"]))
    server.mail.principals.create(models.NewGroup(name="sales"))
    with pytest.raises(Conflict):
        server.run("rotate_api_key", "office", str, new_name="taken")
    for name, new in (("sales", "x"), ("office", "OFFICE"), ("office", "a:b")):
        with pytest.raises(UsageError):
            server.run("rotate_api_key", name, str, new_name=new)
    with pytest.raises(NotFound):
        server.run("rotate_api_key", "nobody", str)
    assert keys(server) == ["office", "taken"]


def fill(server: Server) -> None:
    server.mail.principals.create(models.NewDomain(name="example.org"))
    server.mail.dkim.create(algorithm="Ed25519", domain="example.org")
    for number in range(5):
        server.mail.principals.create(
            models.NewIndividual(name=f"user{number}", emails=[f"u{number}@example.org"], secrets=["$6$hash"])
        )


@pytest.fixture(params=[2, 250], ids=["small pages", "one page"])
def page(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(stalwart_export, "PAGE", request.param)
    return int(request.param)


def test_an_export_gives_back_every_object(server: Server, page: int, tmp_path: Path) -> None:
    fill(server)
    told: list[Any] = []
    path = tmp_path / "server.jsonl"
    path.touch(0o644)
    done = server.run("export_server", path, password_hashes=True, progress=told.append)
    found = list(read_export(path))
    settings = {each.key: each.value for each in found if isinstance(each, Setting)}
    assert settings == server.mail.settings.list().items
    queue = [each for each in found if isinstance(each, models.QueuedMessage)]
    assert queue == list(server.mail.queue.list_messages(values=True))
    people = [each for each in found if not isinstance(each, Setting | models.QueuedMessage)]
    assert people == list(server.mail.principals.list(fields=stalwart_export.UNSET))
    assert (type(people[0]), people[1].secrets) == (models.Domain, ["$6$hash"])
    assert done.counts == {"settings": len(settings), "principals": 6, "queue": 3}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
    assert (told[-1].part, told[-1].done, told[-1].total) == ("queue", 3, 3)
    assert "PRIVATE KEY" not in repr(found)
    assert (len(told) > 5 + len(stalwart_export.TYPES)) == (page == 2)


def test_an_export_has_no_hash_unless_asked_and_only_the_parts_that_are_wanted(server: Server, tmp_path: Path) -> None:
    fill(server)
    path = tmp_path / "people.jsonl"
    done = server.run("export_server", path, parts=["principals"])
    assert (done.counts, b"$6$" in path.read_bytes()) == ({"principals": 6}, False)
    for parts in (["mail"], []):
        with pytest.raises(UsageError, match="parts are settings, principals, queue"):
            server.run("export_server", path, parts=parts)


def test_an_export_that_fails_leaves_the_old_file_and_no_trace(tmp_path: Path) -> None:
    for is_async in (False, True):
        server = Server(is_async=is_async, faults=(Fault("listQueuedMessages", status=500),))
        path = tmp_path / "server.jsonl"
        path.write_text("old")
        with pytest.raises(ServerError):
            server.run("export_server", path)
        assert (path.read_text(), list(tmp_path.iterdir())) == ("old", [path])


def test_tenants_of_the_enterprise_edition_are_exported(tmp_path: Path) -> None:
    for is_async in (False, True):
        server = Server(is_async=is_async, edition="enterprise")
        server.mail.principals.create(models.NewTenant(name="acme"))
        server.run("export_server", tmp_path / "x", parts=["principals"])
        assert [each.name for each in read_export(tmp_path / "x") if isinstance(each, models.Tenant)] == ["acme"]


def test_what_moves_between_pages_is_found_by_another_sweep() -> None:
    sweep = stalwart_export.Sweep("settings")
    names = [*"abcde"]

    def read() -> list[str]:
        assert sweep.page is not None
        part = names[(sweep.page - 1) * 2 : sweep.page * 2]
        return [key for key, _ in sweep.take(dict.fromkeys(part, 0), len(names))]

    assert read() == ["a", "b"]
    names.remove("a")
    assert (read(), sweep.page) == (["d", "e"], 1)
    assert (read(), read(), sweep.page) == (["c"], [], None)


def test_what_never_rests_is_not_exported() -> None:
    sweep = stalwart_export.Sweep("settings")
    for number in range(4):
        sweep.take({}, number + 1)
    with pytest.raises(ExportUnsteady, match="each of 5 times"):
        sweep.take({}, 5)


def damaged(path: Path, tmp_path: Path) -> dict[str, bytes]:
    lines = path.read_bytes().splitlines(keepends=True)
    return {
        "its end is missing": b"".join(lines[:-1]),
        "not as much in it": b"".join([lines[0], *lines[2:]]),
        "behind the end": b"".join([*lines, lines[1]]),
        "no export of Stalwart": lines[0].replace(b"mailwright-stalwart", b"something") + lines[-1],
        "of version 2": lines[0].replace(b'"version":1', b'"version":2'),
        "line 2": lines[0] + b'{"setting":\n',
        "nothing on it": lines[0] + b"{}\n",
        "line 1": b"",
    }


def test_a_damaged_export_is_refused_with_the_line_and_without_its_secrets(server: Server, tmp_path: Path) -> None:
    server.run("export_server", tmp_path / "whole")
    for told, content in damaged(tmp_path / "whole", tmp_path).items():
        (tmp_path / "damaged").write_bytes(content)
        with pytest.raises(ExportInvalid, match=told):
            list(read_export(tmp_path / "damaged"))
    first = json.loads((tmp_path / "whole").read_text().partition("\n")[0])
    assert (first["target"], first["passwordHashes"]) == ("stalwart-0.15", False)


def test_other_credentials_go_over_the_same_connections(server: Server) -> None:
    token = office_key(server)
    with Stalwart(URL, token=TOKEN, backend=MockBackend(server.mock)) as mail:
        other = mail.with_credentials(*bearer(token))
        assert (other.queue.is_running(), mail.queue.is_running()) == (True, True)
        server.mail.principals.delete("office")
        with pytest.raises(AuthenticationFailed):
            other.queue.is_running()
        assert mail.queue.is_running()
        with pytest.raises(UsageError):
            mail.with_credentials("token")  # type: ignore[arg-type]


def test_both_kinds_have_the_same_recipes_with_the_same_arguments() -> None:
    assert stalwart.__all__ == async_stalwart.__all__
    for name in stalwart.__all__:
        plain, other = getattr(stalwart, name), getattr(async_stalwart, name)
        if plain is not other:
            assert inspect.iscoroutinefunction(other)
            assert [*inspect.signature(plain).parameters] == [*inspect.signature(other).parameters]
