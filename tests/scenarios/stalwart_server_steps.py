"""The server in the life of a Stalwart: DKIM, DNS, queue, reports, settings, reloads, logs and statuses in trouble."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from mailwright_stalwart.v0_15 import models
from stalwart_directory_steps import missing
from stalwart_steps import TEXT, Cast, Step, Steps, each, only, refused

NOT_HERE = refused("NotFound", status=404)
LATER = datetime(2026, 2, 1, 12, tzinfo=UTC)


def dkim_and_dns_steps(cast: Cast) -> Steps:
    mail = cast.mail
    yield Step(
        "a domain",
        lambda: mail.principals.deploy(models.NewDomain(name="example.net")),
        True,
        lambda number: number > 0,
    )
    yield Step("no signature at first", lambda: mail.dkim.get("rsa-example.net"), NOT_HERE)
    yield Step("an RSA key", lambda: mail.dkim.create(algorithm="Rsa", domain="example.net", selector="s1"), None)
    key = yield Step("its public key", lambda: mail.dkim.get("rsa-example.net"), TEXT)
    yield Step("an Ed25519 key", lambda: mail.dkim.create(algorithm="Ed25519", domain="example.net", id="mine"), None)
    other = yield Step("its public key", lambda: mail.dkim.get("mine"), TEXT)
    yield Step("is 32 bytes", lambda: mail.dkim.get("mine"), 44, len)
    shown = {"field": "signature.mine.private-key", "value": "***"}
    again = refused("Conflict", "fieldAlreadyExists", **shown)
    yield Step("a second of one id", lambda: mail.dkim.create(algorithm="Rsa", domain="example.net", id="mine"), again)
    keys = {"signature.mine.domain": "example.net", "signature.mine.selector": "202601e"}
    yield Step("kept as settings", lambda: mail.settings.get(prefixes="signature.mine"), keys, only(*keys))
    published = [
        {"name": "202601e._domainkey.example.net.", "content": f"v=DKIM1; k=ed25519; h=sha256; p={other}"},
        {"name": "s1._domainkey.example.net.", "content": f"v=DKIM1; k=rsa; h=sha256; p={key}"},
    ]

    def signatures(records: Any) -> Any:
        return [only("name", "content")(record) for record in records if "_domainkey" in record["name"]]

    def by_type(records: Any) -> Any:
        return [record["content"] for record in records if record["type"] == "MX"]

    yield Step("records of the keys", lambda: mail.dns.list_records("example.net"), published, signatures)
    yield Step("record of the mail", lambda: mail.dns.list_records("example.net"), ["10 mx.example.net."], by_type)
    yield Step("records of no domain", lambda: mail.dns.list_records("none.example"), [], signatures)


def queue_steps(cast: Cast) -> Steps:
    mail = cast.mail
    numbers = yield Step("three wait", lambda: mail.queue.list_messages(), Ids(3))
    first, second, third = (str(number) for number in numbers)
    senders = ["ada@example.net", "ada@example.net", "news@example.net"]
    whole = {"values": True, "limit": 2}
    yield Step("who sent them", lambda: mail.queue.list_messages(**whole), senders, each("return_path"))
    yield Step("to jane", lambda: mail.queue.list_messages(text="jane"), [int(first)])
    yield Step("in the slow queue", lambda: mail.queue.list_messages(queue="slow"), [int(second), int(third)])
    yield Step("from news to jane", lambda: mail.queue.list_messages(from_="news", to="jane"), [])
    yield Step(
        "due tomorrow and later", lambda: mail.queue.list_messages(after=datetime(2026, 1, 4, tzinfo=UTC)), [int(third)]
    )
    content = b"From: news@example.net\r\nSubject: Later\r\n\r\nThis can wait.\r\n"
    message = {"id": int(third), "return_path": "news@example.net", "priority": -2, "size": len(content)}
    yield Step("one message", lambda: mail.queue.get_message(third), message, only(*message))
    hashed = yield Step("its blob", lambda: mail.queue.get_message(third), TEXT, lambda one: one["blob_hash"])
    yield Step("its text", lambda: mail.store.download_blob(hashed), content)
    yield Step("a part of it", lambda: mail.store.download_blob(hashed, offset=6, limit=4), content[6:10])
    yield Step("a message that is not there", lambda: mail.queue.get_message("1"), NOT_HERE)
    yield Step("stop", mail.queue.stop, True)
    yield Step("stopped", mail.queue.is_running, False)
    yield Step("start", mail.queue.start, False)
    yield Step("started", mail.queue.is_running, True)

    def due(one: Any) -> Any:
        return [recipient["next_retry"] for recipient in one["recipients"]]

    def stands(one: Any) -> Any:
        return [recipient["status"] for recipient in one["recipients"]]

    yield Step("later", lambda: mail.queue.reschedule_message(first, at=LATER), True)
    yield Step("it is later", lambda: mail.queue.get_message(first), ["2026-02-01T12:00:00Z"], due)
    yield Step("at once for nobody", lambda: mail.queue.reschedule_message(first, filter_="joe"), False)
    yield Step("still later", lambda: mail.queue.get_message(first), ["2026-02-01T12:00:00Z"], due)
    yield Step("later for all of news", lambda: mail.queue.reschedule_messages(from_="news", at=LATER), True)
    yield Step("those of news", lambda: mail.queue.get_message(third), ["2026-02-01T12:00:00Z"], due)
    yield Step(
        "and no other",
        lambda: mail.queue.list_messages(after=datetime(2026, 1, 5, tzinfo=UTC)),
        [int(first), int(third)],
    )
    status = [{"temp_fail": "451 4.7.1 come back later"}, {"completed": "250 2.0.0 taken"}]
    yield Step("one failed, one done", lambda: mail.queue.get_message(second), status, stands)
    yield Step("give up for nobody", lambda: mail.queue.cancel_message(second, filter_="zoe"), False)
    yield Step("give up for joe", lambda: mail.queue.cancel_message(second, filter_="joe"), True)
    yield Step("nobody else waited", lambda: mail.queue.get_message(second), NOT_HERE)
    yield Step("give up", lambda: mail.queue.cancel_message(first), True)
    yield Step("one is left", lambda: mail.queue.list_messages(), [int(third)])
    yield Step(
        "without a filter none is deleted",
        lambda: mail.queue.delete_messages(),
        refused("UsageError", status=0),
    )
    yield Step("delete those of nobody", lambda: mail.queue.delete_messages(text="zoe"), False)
    yield Step("delete those of news", lambda: mail.queue.delete_messages(text="news"), True)
    yield Step("nothing waits", lambda: mail.queue.list_messages(), [])


class Ids:
    """Equals a list of so many ids, each larger than a float can hold exactly."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __eq__(self, other: object) -> bool:
        return isinstance(other, list) and len(other) == self._count and all(one > 2**53 for one in other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{self._count} ids"


def report_steps(cast: Cast) -> Steps:
    mail = cast.mail
    dmarc, tls = "d!example.org!1!7!1767312000", "t!example.com!1!8!1767312000"
    yield Step("two wait to be sent", lambda: mail.queue.list_reports(), [dmarc, tls])
    yield Step("one of a kind", lambda: mail.queue.list_reports(type_="tls"), [tls])
    shown = {"type": "dmarc", "id": dmarc, "domain": "example.org"}
    yield Step("the DMARC report", lambda: mail.queue.get_report(dmarc), shown, only(*shown))
    yield Step(
        "the TLS report", lambda: mail.queue.get_report(tls), [{"Mail": "tls@example.com"}], lambda one: one["rua"]
    )
    yield Step("delete it", lambda: mail.queue.delete_report(tls), True)
    yield Step("it is gone", lambda: mail.queue.get_report(tls), NOT_HERE)
    yield Step("delete the others", lambda: mail.queue.delete_reports(domain="example.org"), True)
    yield Step("none waits", lambda: mail.queue.list_reports(), [])
    for kind, number, subject in (
        ("dmarc", 1001, "Report for example.org"),
        ("tls", 1002, "TLS report"),
        ("arf", 1003, "Complaint"),
    ):
        name = f"{number}_1769904000"
        reports = {verb: getattr(mail.reports, f"{verb}_{kind}") for verb in ("list", "get", "delete", "delete_all")}
        yield Step(f"{kind} that came", lambda r=reports: r["list"](), [name])
        yield Step(f"{kind} about nothing", lambda r=reports: r["list"](text="no such words"), [])
        yield Step(f"{kind}: its subject", lambda r=reports, n=name: r["get"](n), subject, lambda one: one["subject"])
        yield Step(f"{kind}: delete it", lambda r=reports, n=name: r["delete"](n), True)
        yield Step(f"{kind}: it is gone", lambda r=reports, n=name: r["get"](n), NOT_HERE)
        yield Step(f"{kind}: delete where none is", lambda r=reports: r["delete_all"](everything=True), False)


def setting_steps(cast: Cast) -> Steps:
    mail = cast.mail
    insert = models.InsertSettings(prefix="lookup.vip", values=[("jane", "1"), ("joe", "2")], assert_empty=True)
    yield Step("insert", lambda: mail.settings.change([insert]), None)
    both = {"total": 2, "items": {"jane": "1", "joe": "2"}}
    yield Step("inserted", lambda: mail.settings.list(prefix="lookup.vip"), both)
    yield Step("insert where something is", lambda: mail.settings.change([insert]), refused("Conflict", "assertFailed"))
    over = models.InsertSettings(values=[("lookup.vip.joe", "3")], assert_empty=False)
    yield Step("write over", lambda: mail.settings.change([over]), None)
    keys = {"lookup.vip.joe": "3"}
    yield Step("written over", lambda: mail.settings.get(keys="lookup.vip.joe,lookup.vip.none"), keys)
    listeners = [{"_id": "https", "protocol": "http"}, {"_id": "imaps", "protocol": "imap"}]
    groups = {"prefix": "server.listener", "suffix": "protocol", "field": "protocol", "limit": 2}
    yield Step("groups", lambda: mail.settings.list_groups(**groups), listeners, lambda found: found[:2])
    yield Step("groups by a word", lambda: mail.settings.list_groups(**groups, filter_="imap"), listeners[1:])
    yield Step(
        "clear some", lambda: mail.settings.change([models.ClearSettings(prefix="lookup.vip.", filter="jane")]), None
    )
    yield Step("cleared", lambda: mail.settings.get(prefixes="lookup.vip"), keys)
    both_changes = [models.DeleteSettings(keys=["lookup.vip.joe"]), insert]
    yield Step("two changes", lambda: mail.settings.change(both_changes), None)
    yield Step("one after the other", lambda: mail.settings.list(prefix="lookup.vip"), both)
    yield Step("delete one", lambda: mail.settings.delete("lookup.vip.jane"), None)
    yield Step("deleted", lambda: mail.settings.get(prefixes="lookup.vip"), {"lookup.vip.joe": "2"})
    yield Step("one page", lambda: mail.settings.list(prefix="server", limit=1), 1, lambda found: len(found["items"]))


def reload_steps(cast: Cast) -> Steps:
    mail = cast.mail
    fine: dict[str, Any] = {"warnings": {}, "errors": {}}
    yield Step("try", lambda: mail.reload.settings(dry_run=True), fine)
    yield Step("a try leaves no line", lambda: mail.logs.list(filter_="config.reload"), [])
    yield Step("reload", lambda: mail.reload.settings(dry_run=False), fine)
    yield Step("it leaves one", lambda: mail.logs.list(filter_="config.reload"), ["path = /reload"], each("details"))
    broken = models.InsertSettings(values=[("server.listener.smtp.bind", "nowhere")], assert_empty=False)
    yield Step("a wrong setting", lambda: mail.settings.change([broken]), None)
    yield Step("it is there", lambda: mail.settings.get(keys=broken.values[0][0]), dict(broken.values))
    yield Step("no name", lambda: mail.settings.delete("server.hostname"), None)
    wrong = {
        "warnings": {"server.hostname": {"type": "missing"}},
        "errors": {"server.listener.smtp.bind": {"type": "parse", "error": "an address has a port after a colon"}},
    }
    yield Step("what is wrong", mail.reload.all_settings, wrong)
    mended = [("server.listener.smtp.bind", "[::]:25"), ("server.hostname", "mx.example.net")]
    yield Step(
        "mend it", lambda: mail.settings.change([models.InsertSettings(values=mended, assert_empty=False)]), None
    )
    for name in ("lookups", "certificates", "blocked_ips"):
        yield Step(f"reload {name}", getattr(mail.reload, name), fine)
    yield Step("new rules", mail.reload.update_spam_filter, "2.0.5")
    yield Step("no newer ones", mail.reload.update_spam_filter, None)
    yield Step("the same again", lambda: mail.reload.update_spam_filter(force=True), "2.0.5")
    yield Step("new pages", mail.reload.update_webadmin, None)
    yield Step("they leave a line", lambda: mail.logs.list(filter_="webadmin"), ["INFO"], each("level"))
    no = refused("InvalidRequest", "unsupported", details="a restart is not done from here")
    yield Step("no restart", mail.reload.restart, no)
    yield Step(
        "page by page", lambda: mail.logs.list(filter_="server.startup", limit=1), ["The server begins"], each("event")
    )


# Statuses that a mock in good health does not give; each is asked of an operation that has it as its first answer.
TROUBLE = {
    402: ("listDmarcReports", "OneTimePasswordNeeded"),
    403: ("listTlsReports", "PermissionDenied"),
    404: ("listArfReports", "NotFound"),
    429: ("reloadLookups", "RateLimited"),
    500: ("reloadCertificates", "ServerError"),
    503: ("reloadBlockedIps", "ServerError"),
}


def trouble_steps(cast: Cast) -> Steps:
    mail = cast.mail
    calls = {
        402: lambda: mail.reports.list_dmarc(),
        403: lambda: mail.reports.list_tls(),
        404: lambda: mail.reports.list_arf(),
        429: lambda: mail.reload.lookups(),
        500: lambda: mail.reload.certificates(),
        503: lambda: mail.reload.blocked_ips(),
    }
    for status, (_, kind) in TROUBLE.items():
        yield Step(f"status {status}", calls[status], refused(kind, status=status))
    yield Step("status 400", lambda: mail.account.change_credentials([]), refused("InvalidRequest", status=400))
    yield Step("status 401", lambda: cast.stranger.logs.list(), refused("AuthenticationFailed", status=401))


def store_steps(cast: Cast) -> Steps:
    mail = cast.mail
    new = models.NewIndividual(name="ivy")
    yield Step("an account", lambda: mail.principals.create(new), True, lambda number: number > 0)
    unsupported = refused("InvalidRequest", "unsupported", details="Enterprise feature")
    yield Step("nothing comes back in the open edition", lambda: cast.open.store.list_deleted_items("ivy"), unsupported)
    shown = ["item", "size"]
    item = yield Step("one letter was deleted", lambda: mail.store.list_deleted_items("ivy"), One("hash", *shown))
    hashed, size = item[0]["hash"], item[0]["size"]
    yield Step("nobody's letters", lambda: mail.store.list_deleted_items("nobody"), NOT_HERE)
    yield Step("nothing is used", lambda: mail.store.get_used_quota("ivy"), 0)

    def restore(**given: Any) -> Any:
        whole = {"hash": hashed, "collection": "email", "restore_time": LATER, "cancel_deletion": LATER, **given}
        return lambda: mail.store.restore_deleted_items("ivy", [models.ItemToRestore(**whole)])

    yield Step("what is not there", restore(hash="none"), [{"type": "notFound"}])
    no_mail = [{"type": "error", "reason": "only mail can come back"}]
    yield Step("what is no mail", restore(collection="calendar"), no_mail)
    all_of_it = refused("UsageError", status=0)
    yield Step("null would bring back all", lambda: mail.store.restore_deleted_items("ivy", None), all_of_it)
    yield Step("bring it back", restore(), [{"type": "success"}])
    yield Step("it is back", lambda: mail.store.list_deleted_items("ivy"), [])
    yield Step("it is counted", lambda: mail.store.get_used_quota("ivy"), size)
    yield Step("and counted anew", lambda: mail.store.recount_quota("ivy"), size)
    yield Step("new UIDs", lambda: mail.store.reset_imap_uids("ivy"), (5, 1))
    yield Step("of nobody", lambda: mail.store.get_used_quota("nobody"), missing(""))
    store = mail.store

    def lines() -> Any:
        return mail.logs.list(filter_="housekeeper")

    for path, call in (
        ("blob", store.purge_blobs),
        ("data", store.purge_data),
        ("data/{store}", lambda: store.purge_data_of("default")),
        ("in-memory", store.purge_in_memory),
        ("in-memory/{store}", lambda: store.purge_in_memory_of("default")),
        ("in-memory/{store}/{class}", lambda: store.purge_in_memory_class("default", "greylist", destroy=True)),
        ("account", store.purge_accounts),
        ("account/{account_id}", lambda: store.purge_account("ivy")),
    ):
        yield Step(f"purge {path}", call, None)
        line = [f"path = /store/purge/{path}"]
        yield Step(f"purge {path}: its line", lines, line, lambda found: [found[0]["details"]])
    yield Step("purge nobody", lambda: mail.store.purge_account("nobody"), missing(""))
    yield Step("no blob", lambda: mail.store.download_blob("AAAA"), missing(""))
    for name, call, line in (
        ("a new index", lambda: store.reindex("email"), "index = email"),
        ("of one", lambda: store.reindex_account_index("calendar", "ivy"), "index = calendar, account = ivy"),
    ):
        yield Step(name, call, None)
        yield Step(
            f"{name}: its line", lambda: mail.logs.list(filter_="reindex"), line, lambda found: found[0]["details"]
        )
    yield Step("a new index of nobody", lambda: mail.store.reindex_account_index("email", "nobody"), missing(""))
    yield Step("what is gone in 0.15", mail.store.reindex_all, NOT_HERE)


class One:
    """Equals a list of one object that has these fields."""

    def __init__(self, *names: str) -> None:
        self._names = set(names)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, list) and len(other) == 1 and self._names <= other[0].keys()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"one object with {', '.join(sorted(self._names))}"
