"""Services in the life of a Stalwart: the spam filter, telemetry, troubleshooting, the own account and OAuth."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from mailwright_stalwart.v0_15 import models
from stalwart_directory_steps import missing
from stalwart_steps import TEXT, Cast, Step, Steps, each, only, refused

LETTER = "From: x@example.org\r\nSubject: Lunch\r\n\r\nbargain pills cheaper watches\r\n"
HOW = {"remote_ip": "192.0.2.1", "env_from": "x@example.org", "env_from_flags": 0, "env_rcpt_to": ["jane@example.org"]}
SPAN = 1152921504606847001
UNSUPPORTED = refused("InvalidRequest", "unsupported", details="Enterprise feature")
UNKNOWN = refused("AuthenticationFailed", status=401)


def spam_steps(cast: Cast) -> Steps:
    filter_ = cast.mail.spam_filter
    letter = LETTER.encode()
    no_letter = refused("InvalidRequest", "other", details="This is no message.", reason=None)

    def judged(message: str = LETTER) -> Any:
        return lambda: filter_.classify(message=message, **HOW)

    yield Step("nothing against it", judged(), {"score": 0.0, "tags": {}}, only("score", "tags"))
    yield Step("teach that it is spam", lambda: filter_.upload_spam(letter), None)
    spam = {"BAYES_SPAM": {"action": "allow", "value": 6.0}}
    yield Step("it is spam", judged(), {"score": 6.0, "tags": spam}, only("score", "tags"))
    yield Step("teach that it is wanted", lambda: filter_.upload_ham(letter), None)
    verdict = {"action": "allow", "value": "X-Spam-Status: No, score=3.00\r\n"}
    yield Step("it is less so", judged(), {"score": 3.0, "disposition": verdict}, only("score", "disposition"))
    test = {"score": 100.0, "tags": {"GTUBE_TEST": {"action": "reject"}}, "disposition": {"action": "reject"}}
    yield Step("a test of filters", judged("Subject: x\r\n\r\nGTUBE\r\n"), test)
    yield Step("what is no letter", judged("nothing"), no_letter)
    yield Step("no letter to teach", lambda: filter_.upload_spam(b""), no_letter)
    cats = b"From: y@example.org\r\n\r\npictures about sleeping kittens\r\n"
    yield Step("no word of it yet", judged(cats.decode()), ["MISSING_SUBJECT"], lambda found: [*found["tags"]])
    yield Step("teach jane's filter", lambda: filter_.upload_spam_for_account("jane", cats), None)
    more = ["MISSING_SUBJECT", "BAYES_SPAM"]
    yield Step("it has learnt it", judged(cats.decode()), more, lambda found: [*found["tags"]])
    yield Step("teach nobody's filter", lambda: filter_.upload_ham_for_account("nobody", letter), missing("nobody"))
    yield Step("as it was up to 0.14", lambda: filter_.train_spam(letter), refused("NotFound", status=404))
    for name, call, gives, learning in (
        ("start to learn", filter_.start_training, True, True),
        ("it learns already", filter_.start_training, False, True),
        ("stop learning", filter_.stop_training, True, False),
        ("it does not learn", filter_.stop_training, False, False),
        ("learn anew", filter_.reset_training, True, True),
        ("stop that", filter_.stop_training, True, False),
        ("forget all", filter_.delete_training, True, False),
    ):
        yield Step(name, call, gives)
        yield Step(f"{name}: status", filter_.get_training_status, learning)
    yield Step("forgotten", judged(), {"score": 0.0, "tags": {}}, only("score", "tags"))


def telemetry_steps(cast: Cast) -> Steps:
    telemetry, stranger = cast.mail.telemetry, cast.stranger.telemetry
    yield Step("no metrics in the open edition", lambda: cast.open.telemetry.list_metrics(), UNSUPPORTED)
    yield Step("nor live ones", lambda: cast.open.telemetry.watch_metrics(), UNSUPPORTED)
    names = ["queue.count", "user.count", "domain.count", "message-ingest.spam", "message.size"]
    yield Step("metrics", lambda: telemetry.list_metrics(), names, each("id"))
    old = datetime(2020, 1, 1, tzinfo=UTC)
    yield Step("none of long ago", lambda: telemetry.list_metrics(before=old), [])
    live = [["metrics", [{"type": "gauge", "id": "queue.count", "value": 0}]]]
    yield Step("live metrics", lambda: telemetry.watch_metrics(metrics="queue.count"), live)
    yield Step("not for strangers", lambda: stranger.watch_metrics(), UNKNOWN)
    token = yield Step("a token of them", telemetry.create_metrics_token, TEXT)
    opened = {"metrics": "queue.count", "token": token}
    yield Step("which opens them", lambda: stranger.watch_metrics(**opened), live)
    yield Step("and nothing else", lambda: stranger.watch_traces(token=token), UNKNOWN)
    yield Step("one trace", lambda: telemetry.list_traces(values=False), [SPAN])
    begins = [{"type": "delivery.attempt-start", "text": "A delivery begins"}]
    yield Step("how it begins", lambda: telemetry.list_traces(values=True), begins, only("type", "text"))
    yield Step("no trace of this kind", lambda: telemetry.list_traces(type_="auth.success"), [])
    both = ["delivery.attempt-start", "delivery.attempt-end"]
    yield Step("all of it", lambda: telemetry.get_trace(str(SPAN)), both, each("type"))
    yield Step("one that is not there", lambda: telemetry.get_trace("5"), [])
    yield Step("two at once", lambda: telemetry.get_traces(id=f"{SPAN},5"), [2, 0], lambda found: [*map(len, found)])
    ping = ["ping", {"interval": 30000}]
    yield Step("live traces", lambda: telemetry.watch_traces(filter_="no such words"), [ping])
    begin = [["delivery.attempt-start"], ping]

    def kinds(events: Any) -> Any:
        return [each("type")(data) if name == "trace" else [name, data] for name, data in events]

    token = yield Step("a token of them", telemetry.create_tracing_token, TEXT)
    yield Step("which opens those", lambda: stranger.watch_traces(from_="ada@", token=token), begin, kinds)
    yield Step("none from joe", lambda: telemetry.watch_traces(from_="joe"), [ping])
    yield Step("none from ada to a host", lambda: telemetry.watch_traces(from_="ada@", remote_ip="192.0.2"), [ping])


def troubleshoot_steps(cast: Cast) -> Steps:
    check = cast.mail.troubleshoot

    def stages(events: Any) -> Any:
        return [data[0]["type"] for _, data in events]

    def outcome(events: Any) -> Any:
        return [kind for kind in stages(events) if kind.startswith("rcptTo") or kind == "completed"]

    nowhere = ["mxLookupStart", "mxLookupError", "completed"]
    yield Step("mail to nowhere", lambda: check.check_delivery("x@none.example"), nowhere, stages)
    good = ["rcptToStart", "rcptToSuccess", "completed"]
    yield Step("mail to jane", lambda: check.check_delivery("jane@example.org"), good, outcome)
    bad = ["rcptToStart", "rcptToError", "completed"]
    yield Step("mail to nobody", lambda: check.check_delivery("nobody@example.org", timeout=5), bad, outcome)
    yield Step("not for strangers", lambda: cast.stranger.troubleshoot.check_delivery("example.org"), UNKNOWN)
    token = yield Step("a token", check.create_token, TEXT)
    again = cast.stranger.troubleshoot.check_delivery
    yield Step("which opens it", lambda: again("jane@example.org", token=token), good, outcome)
    asked = {"remote_ip": "192.0.2.1", "ehlo_domain": "mx.example.com"}
    ours = {"dmarcResult": {"type": "pass"}, "dmarcPass": True, "dmarcPolicy": "reject"}
    yield Step("our mail", lambda: check.check_dmarc(mail_from="jane@example.org", **asked), ours, only(*ours))
    theirs = {"dkimResults": [{"type": "permError", "details": "there is no key"}], "dmarcPass": False}
    signed = {"mail_from": "x@none.example", "message": "DKIM-Signature: v=1\r\n\r\n"}
    yield Step("other mail", lambda: check.check_dmarc(**signed, **asked), theirs, only(*theirs))


def account_steps(cast: Cast) -> Steps:
    account, mine = cast.mail.account, cast.person.account
    none: dict[str, Any] = {"otpEnabled": False, "appPasswords": []}
    yield Step("nothing at first", account.get_credentials, none)
    apps = [models.AddAppPassword(name=name, password="$6$salt$app") for name in ("phone", "desk")]
    yield Step("two app passwords", lambda: account.change_credentials(apps), None)
    yield Step("there they are", account.get_credentials, {**none, "appPasswords": ["desk", "phone"]})
    gone = models.RemoveAppPassword(name="desk")
    yield Step("take one away", lambda: account.change_credentials([gone]), None)
    yield Step("one is left", account.get_credentials, {**none, "appPasswords": ["phone"]})
    on = models.EnableOtp(url="otpauth://totp/jane?secret=GEZDGNBVGY3TQOJQ")
    of_token = refused(
        "InvalidRequest", "other", details="A token changes no password", reason="sign in with the password"
    )
    yield Step("a token turns no TOTP on", lambda: account.change_credentials([on]), of_token)
    yield Step("it is off", account.get_credentials, {**none, "appPasswords": ["phone"]})
    yield Step("the password does", lambda: mine.change_credentials([on]), None)
    yield Step("it is on", mine.get_credentials, {"otpEnabled": True, "appPasswords": ["phone"]})
    password = models.SetPassword(password="$6$salt$hash")
    changes = [models.DisableOtp(), password]
    yield Step("off, and another password", lambda: mine.change_credentials(changes), None)
    yield Step("off again", mine.get_credentials, {"otpEnabled": False, "appPasswords": ["phone"]})
    yield Step("a token sets no password", lambda: account.change_credentials([password]), of_token)
    yield Step("mail is not encrypted", account.get_encryption, {"type": "disabled"})
    certs = "-----BEGIN PGP PUBLIC KEY BLOCK-----\nx\n-----END PGP PUBLIC KEY BLOCK-----\n" * 2
    pgp = models.EnablePgp(algo="Aes256", certs=certs, allow_spam_training=False)
    yield Step("encrypt it", lambda: account.set_encryption(pgp), 2)
    told = {"type": "pGP", "algo": "Aes256", "certs": certs, "allow_spam_training": False}
    yield Step("it is encrypted", account.get_encryption, told)
    yield Step("no more", lambda: account.set_encryption(models.DisableEncryption()), None)
    yield Step("not encrypted", account.get_encryption, {"type": "disabled"})


def oauth_steps(cast: Cast) -> Steps:
    new = models.NewAuthorizationCode(client_id="webmail", redirect_uri="https://example.org/cb")
    told = {"version": "0.15.5", "isEnterprise": True, "code": 40}

    def without_code(found: Any) -> Any:
        return {**only("version", "isEnterprise")(found), "code": len(found["code"])}

    yield Step("a code", lambda: cast.mail.oauth.create_code(new), told, without_code)
    opened = {**told, "isEnterprise": False}
    yield Step("of the open edition", lambda: cast.open.oauth.create_code(new), opened, without_code)
    device = models.DeviceApproval(code="ABCD-EFGH")
    yield Step("a device that nobody knows", lambda: cast.mail.oauth.create_code(device), False)
    yield Step("not for strangers", lambda: cast.stranger.oauth.create_code(new), UNKNOWN)
