from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from account import Account
from scenario_data import CERTIFICATE, CERTIFICATE_KEY, GHOST, file_of, letter
from waiting import eventually
from wildduck_tools import WILDDUCK

from mailwright.runtime import AuthenticationFailed, Conflict, NotFound, PermissionDenied, ServerError


def test_the_server_is_well_and_says_its_version(mail: Any, mail_with: Callable[[str], Any]) -> None:
    assert mail.health.check().version == WILDDUCK
    with pytest.raises(AuthenticationFailed) as refused:
        mail_with("wrong").health.check()
    assert (refused.value.status, refused.value.code) == (403, "InvalidToken")


def test_the_list_of_methods_is_not_to_be_had(mail: Any) -> None:
    with pytest.raises(NotFound) as missing:
        mail.health.list_methods()
    assert (missing.value.status, missing.value.code) == (404, "ResourceNotFound")


def test_a_setting_is_changed_and_read(mail: Any) -> None:
    key = "const:max:rcpt_to"
    assert mail.settings.update(key, value=333).key == key
    assert mail.settings.get(key).value == 333
    listed = {each.key: each for each in mail.settings.list()}
    assert (listed[key].value, listed[key].custom, listed[key].default) == (333, True, 400)
    with pytest.raises(NotFound) as missing:
        mail.settings.get("const:nothing:such")
    assert missing.value.status == 200


def test_a_webhook_is_made_listed_and_removed(mail: Any, account: Account) -> None:
    made = mail.webhooks.create(type=["user.delete.*", "marked.spam"], url="http://127.0.0.1:1/in", user=account.id)
    (listed,) = mail.webhooks.list(user=account.id)
    assert (listed.id, listed.type, listed.url, listed.user) == (
        made.id,
        ["user.delete.*", "marked.spam"],
        "http://127.0.0.1:1/in",
        account.id,
    )
    assert mail.webhooks.delete(made.id).success
    assert list(mail.webhooks.list(user=account.id)) == []
    with pytest.raises(NotFound) as missing:
        mail.webhooks.delete(made.id)
    assert missing.value.code == "WebhookNotFound"


def test_a_domain_alias_is_made_listed_resolved_and_removed(mail: Any, account: Account, mark: str) -> None:
    made = [mail.domain_aliases.create(alias=f"a{n}.{mark}.alias", domain=f"{mark}.test").id for n in range(4)]
    listed = [(each.id, each.alias) for each in mail.domain_aliases.list(query=mark, limit=1)]
    assert listed == [(each, f"a{n}.{mark}.alias") for n, each in enumerate(made)]
    assert mail.domain_aliases.resolve(f"a2.{mark}.alias").id == made[2]
    assert mail.domain_aliases.get(made[2]).domain == f"{mark}.test"
    login = mail.authentication.authenticate(username=f"jane@a2.{mark}.alias", password=account.password)
    assert login.id == account.id
    with pytest.raises(Conflict) as taken:
        mail.domain_aliases.create(alias=f"a2.{mark}.alias", domain=f"{mark}.test")
    assert (taken.value.status, taken.value.code) == (400, "AliasExists")
    assert mail.domain_aliases.delete(made[2]).success
    with pytest.raises(NotFound):
        mail.domain_aliases.get(made[2])


def test_a_signing_key_is_made_listed_resolved_and_removed(mail: Any, mark: str) -> None:
    made = mail.dkim.save(domain=f"{mark}.test", selector="s2026", description="Made by the server")
    assert made.dns_txt.name == f"s2026._domainkey.{mark}.test"
    assert made.dns_txt.value.startswith("v=DKIM1;")
    assert made.public_key.startswith("-----BEGIN PUBLIC KEY-----")
    read = mail.dkim.get(made.id)
    assert (read.domain, read.selector, read.public_key) == (made.domain, "s2026", made.public_key)
    given = mail.dkim.save(domain=f"b.{mark}.test", selector="s1", private_key=CERTIFICATE_KEY)
    assert [each.domain for each in mail.dkim.list(query=mark, limit=1)] == [f"b.{mark}.test", f"{mark}.test"]
    assert mail.dkim.resolve(f"b.{mark}.test").id == given.id
    assert mail.dkim.delete(made.id).success
    with pytest.raises(NotFound) as missing:
        mail.dkim.get(made.id)
    assert missing.value.code == "DkimNotFound"


def test_a_certificate_is_kept_listed_resolved_and_removed(mail: Any) -> None:
    made = mail.certificates.save(servername="pop.scenario.test", private_key=CERTIFICATE_KEY, cert=CERTIFICATE)
    assert made.alt_names == ["imap.scenario.test", "pop.scenario.test"]
    read = mail.certificates.get(made.id)
    assert (read.servername, read.fingerprint, read.expires) == ("pop.scenario.test", made.fingerprint, made.expires)
    assert [each.id for each in mail.certificates.list(query="pop.scenario")] == [made.id]
    assert mail.certificates.resolve("pop.scenario.test").id == made.id
    assert mail.certificates.delete(made.id).success
    with pytest.raises(NotFound) as missing:
        mail.certificates.resolve("pop.scenario.test")
    assert missing.value.code == "CertNotFound"


def test_domains_are_allowed_and_blocked_for_a_tag(mail: Any, mark: str) -> None:
    good = mail.domain_access.allow(mark, domain="good.test").id
    bad = mail.domain_access.block(mark, domain="bad.test").id
    assert [(each.id, each.domain) for each in mail.domain_access.list_allowed(mark)] == [(good, "good.test")]
    assert [(each.id, each.domain) for each in mail.domain_access.list_blocked(mark)] == [(bad, "bad.test")]
    assert mail.domain_access.delete(bad).deleted == bad
    assert list(mail.domain_access.list_blocked(mark)) == []
    with pytest.raises(NotFound):
        mail.domain_access.delete(bad)


@pytest.mark.parametrize("kind_of_source", ["bytes", "path", "file"])
def test_a_stored_file_gives_the_same_bytes_back(
    mail: Any, account: Account, mark: str, tmp_path: Path, kind_of_source: str
) -> None:
    content = file_of(mark) * 300
    source: Any = content
    if kind_of_source == "path":
        source = tmp_path / "given.bin"
        source.write_bytes(content)
    if kind_of_source == "file":
        source = io.BytesIO(content)
    made = mail.storage.upload(account.id, source, filename="bytes.bin", content_type="application/x-test")
    (listed,) = mail.storage.list(account.id)
    assert (listed.id, listed.size, listed.filename, listed.content_type) == (
        made.id,
        len(content),
        "bytes.bin",
        "application/x-test",
    )
    assert mail.storage.download(account.id, made.id).save(tmp_path / "back.bin") == len(content)
    assert (tmp_path / "back.bin").read_bytes() == content


def test_stored_files_are_walked_and_removed(mail: Any, account: Account) -> None:
    made = [mail.storage.create(account.id, content=f"file {n}", filename=f"f{n}.txt").id for n in range(5)]
    assert [each.id for each in mail.storage.list(account.id, limit=1)] == made
    assert [each.id for each in mail.storage.list(account.id, query="f3")] == [made[3]]
    assert mail.storage.download(account.id, made[3]).read() == b"file 3"
    assert mail.storage.delete(account.id, made[3]).success
    with pytest.raises(NotFound) as missing:
        mail.storage.download(account.id, made[3]).read()
    assert missing.value.code == "FileNotFound"
    with pytest.raises(NotFound):
        mail.storage.delete(account.id, made[3])


def test_an_audit_copies_messages_and_fails_to_give_them_out(mail: Any, account: Account, tmp_path: Path) -> None:
    for number in (1, 2):
        mail.messages.upload(account.id, account.boxes["INBOX"], letter(number, f"N{number}"))
    until = datetime(2090, 1, 1, tzinfo=UTC)
    made = mail.audits.create(user=account.id, expires=until, notes="For a test", meta={"case": 7})
    audit = eventually(lambda: mail.audits.get(made.id), lambda audit: audit.import_.status == "imported")
    assert (audit.user, audit.expires, audit.notes, audit.meta) == (account.id, until, "For a test", {"case": 7})
    assert (audit.import_.copied, audit.import_.failed, audit.audited) == (2, 0, 2)
    with pytest.raises(ServerError) as failed:
        mail.audits.export(made.id).save(tmp_path / "audit.mbox")
    assert failed.value.status == 500
    with pytest.raises(NotFound) as missing:
        mail.audits.get(GHOST)
    assert missing.value.code == "AuditNotFoundError"


def test_accounts_are_exported_and_taken_in_again(
    mail: Any, account: Account, tmp_path: Path, mail_with: Callable[[str], Any]
) -> None:
    dump = tmp_path / "accounts.dump"
    assert mail.data.export_accounts(users=[account.id]).save(dump) > 0
    assert dump.stat().st_size > 0
    taken = mail.data.import_accounts(dump).result
    assert taken.entries > 0
    assert (taken.imported, taken.failed, taken.existing) == (0, 0, taken.entries)
    login = mail.authentication.authenticate(username=account.username, password=account.password, token=True)
    with pytest.raises(PermissionDenied) as refused:
        mail_with(login.token).data.export_accounts(users=[account.id]).read()
    assert (refused.value.status, refused.value.code) == (403, "MissingPrivileges")
