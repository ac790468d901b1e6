"""What only WildDuck 1.51 does: sessions, roles, second factors, deletion and return, mail that is made and sent."""

from __future__ import annotations

import base64
import email
from datetime import UTC, datetime
from email import policy

import pytest
from mailwright_wildduck.v1_51 import WildDuck, models
from mock_caller import Clock

from mailwright.mock import Mock, MockBackend
from mailwright.mock.packs.wildduck import totp
from mailwright.mock.packs.wildduck_1_51 import PACK, der
from mailwright.runtime import APIError, AuthenticationFailed, Conflict, NotFound, PermissionDenied
from mailwright.targets import bundled_document

PASSWORD = "correct horse battery"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def mock(clock: Clock) -> Mock:
    return Mock(bundled_document("wildduck-1.51"), token="secret", clock=clock)


def client(mock: Mock, token: str | None = "secret") -> WildDuck:
    return WildDuck("http://mock.test", access_token=token, backend=MockBackend(mock))


@pytest.fixture
def mail(mock: Mock) -> WildDuck:
    return client(mock)


@pytest.fixture
def user(mail: WildDuck) -> str:
    return mail.users.create(username="jane", password=PASSWORD, name="Jane Roe").id


def test_a_session_opens_the_own_account_and_nothing_else(mock: Mock, mail: WildDuck, user: str) -> None:
    other = mail.users.create(username="joe", password=PASSWORD, internal_data={"a": 1}).id
    own = client(mock, mail.authentication.authenticate(username="jane", password=PASSWORD, token=True).token)
    assert own.users.get("me").id == user
    assert [each.username for each in own.users.list()] == ["jane"]
    for refused in (lambda: own.users.get(other), lambda: own.users.create(username="x", password="y")):
        with pytest.raises(PermissionDenied) as caught:
            refused()
        assert (caught.value.status, caught.value.code) == (403, "MissingPrivileges")
    own.authentication.revoke_token()
    with pytest.raises(AuthenticationFailed):
        own.users.get("me")


def test_a_new_password_ends_all_sessions(mock: Mock, mail: WildDuck, user: str) -> None:
    own = client(mock, mail.authentication.authenticate(username="jane", password=PASSWORD, token=True).token)
    mail.users.update(user, password="another one")
    with pytest.raises(AuthenticationFailed):
        own.users.get("me")


def test_audits_and_exports_are_for_their_roles(mock: Mock, mail: WildDuck, user: str) -> None:
    until = datetime(2030, 1, 1, tzinfo=UTC)
    with pytest.raises(PermissionDenied):
        mail.audits.create(user=user, expires=until)
    mock.deliver("jane@example.test", b"From: a@x.test\r\nSubject: one\r\n\r\nx\r\n")
    auditor = client(mock, "secret:audit")
    audit = auditor.audits.create(user=user, expires=until).id
    assert auditor.audits.get(audit).user == user
    assert b"Subject: one" in auditor.audits.export(audit).read()
    with pytest.raises(PermissionDenied):
        auditor.users.list().page()
    with pytest.raises(AuthenticationFailed):
        client(mock, "wrong:audit").audits.get(audit)


def test_what_was_exported_can_be_imported_into_another_mock(mock: Mock, mail: WildDuck, user: str) -> None:
    dump = client(mock, "secret:export").data.export_accounts(users=[user]).read()
    other = Mock(bundled_document("wildduck-1.51"), token="secret", seed=1)
    counts = client(other, "secret:export").data.import_accounts(dump).result
    assert (counts.imported, counts.failed, counts.existing) == (counts.entries, 0, 0)
    assert client(other).users.get(user).username == "jane"
    assert len(list(client(other).mailboxes.list(user))) == 5
    assert client(other, "secret:export").data.import_accounts(dump).result.existing == counts.entries


def test_a_second_factor_ends_a_login(mock: Mock, mail: WildDuck, user: str, clock: Clock) -> None:
    mail.two_factor.setup_totp(user, issuer="x")
    seed = base64.b32decode(mock.totp_secret(user))
    mail.two_factor.enable_totp(user, token=totp.code(seed, clock.now))
    login = mail.authentication.authenticate(username="jane", password=PASSWORD, token=True)
    assert (login.token, login.require2fa) == (None, ["totp"])
    nonce = str(login.totp_nonce)
    wrong = "000000" if totp.code(seed, clock.now) != "000000" else "000001"
    with pytest.raises(APIError) as caught:
        mail.two_factor.check_totp(user, token=wrong, totp_nonce=nonce)
    assert (caught.value.status, caught.value.code) == (403, "InvalidToken")
    checked = mail.two_factor.check_totp(user, token=totp.code(seed, clock.now), totp_nonce=nonce)
    assert client(mock, checked.token).users.get("me").id == user
    with pytest.raises(APIError, match="Invalid or expired 2FA nonce"):
        mail.two_factor.check_totp(user, token=totp.code(seed, clock.now), totp_nonce=nonce)
    late = mail.authentication.authenticate(username="jane", password=PASSWORD, token=True)
    clock.forward(minutes=11)
    with pytest.raises(APIError, match="Invalid or expired 2FA nonce"):
        mail.two_factor.check_totp(user, token=totp.code(seed, clock.now), totp_nonce=str(late.totp_nonce))


def test_a_deleted_user_comes_back_with_all_but_the_addresses_that_were_taken(mail: WildDuck, user: str) -> None:
    mail.addresses.create(user, address="info@example.test")
    inbox = mail.mailboxes.get(user, "resolve", path="INBOX").id
    mail.messages.upload(user, inbox, b"Subject: kept\r\n\r\nx\r\n")
    mail.users.delete(user)
    with pytest.raises(NotFound):
        mail.addresses.list(user).page()
    other = mail.users.create(username="joe", password=PASSWORD, address="info@example.test").id
    back = mail.users.restore(user).addresses
    assert back is not None
    assert (back.recovered, back.main) == (1, "jane@example.test")
    assert [each.subject for each in mail.messages.list(user, inbox)] == ["kept"]
    assert mail.addresses.resolve("info@example.test").user == other


def test_a_name_that_was_taken_meanwhile_keeps_a_user_away(mail: WildDuck, user: str) -> None:
    mail.users.delete(user)
    mail.users.create(username="jane", password=PASSWORD)
    with pytest.raises(APIError, match="Account was already restored"):
        mail.users.restore(user)


def test_a_message_that_is_made_reads_as_what_it_was_made_of(mail: WildDuck, user: str) -> None:
    drafts = mail.mailboxes.get(user, "resolve", path="Drafts").id
    text, markup = "Häuser & Bäume\n" + "x" * 200, "<p>Häuser &amp; Bäume</p>"
    made = mail.messages.create(
        user,
        drafts,
        draft=True,
        to=[models.MailAddressInput(address="zoe@x.test", name="Zoë, Roe")],
        subject="Über alles " * 12,
        text=text,
        html=markup,
        attachments=[
            models.NewAttachment(filename="ü.txt", content=base64.b64encode(b"one").decode()),
            models.NewAttachment(filename="a.png", content=base64.b64encode(b"two").decode(), cid="c1"),
        ],
    ).message
    source = mail.messages.source(user, drafts, made.id).read()
    assert len(source) == made.size
    parsed = email.message_from_bytes(source, policy=policy.default)
    assert parsed["subject"].strip() == ("Über alles " * 12).strip()
    assert str(parsed["to"]) == '"Zoë, Roe" <zoe@x.test>'
    body, rich = parsed.get_body(("plain",)), parsed.get_body(("html",))
    assert body is not None
    assert rich is not None
    assert body.get_content().replace("\r\n", "\n").rstrip() == text
    assert rich.get_content().rstrip() == markup
    files = {each.get_filename(): each.get_content() for each in parsed.walk() if each.get_filename()}
    assert files == {"ü.txt": "one", "a.png": b"two"}
    shown = mail.messages.get(user, drafts, made.id)
    assert {each.filename: each.related for each in shown.attachments or ()} == {"ü.txt": False, "a.png": True}


def test_an_answer_goes_out_once_and_marks_what_it_answers(mail: WildDuck, user: str) -> None:
    boxes = {each.path: each.id for each in mail.mailboxes.list(user)}
    letter = (
        b"From: Ada <ada@x.test>\r\nTo: jane@example.test, bob@x.test\r\nSubject: Hi\r\nMessage-ID: <1@x>\r\n\r\nx\r\n"
    )
    mail.messages.upload(user, boxes["INBOX"], letter)
    reference = models.NewReference(mailbox=boxes["INBOX"], id=1, action="replyAll")
    draft = mail.messages.create(user, boxes["Drafts"], draft=True, reference=reference, text="yes").message
    sent = mail.messages.submit_draft(user, boxes["Drafts"], draft.id)
    assert sent.message is not None
    shown = mail.messages.get(user, boxes["Sent Mail"], sent.message.id)
    assert (shown.subject, [each.address for each in shown.to or ()]) == ("Re: Hi", ["ada@x.test", "bob@x.test"])
    assert mail.messages.get(user, boxes["INBOX"], 1).answered
    assert [each.address for each in mail.addresses.search_register(user, query="x.test")] == [
        "bob@x.test",
        "ada@x.test",
    ]
    assert mail.users.get(user).limits.recipients.used == 2
    with pytest.raises(NotFound):
        mail.messages.submit_draft(user, boxes["Drafts"], draft.id)
    mail.messages.cancel(user, str(sent.queue_id))
    with pytest.raises(APIError) as caught:
        mail.messages.cancel(user, str(sent.queue_id))
    assert caught.value.code == "NoSuchQueueEntry"


def test_a_taken_address_is_refused_wherever_it_is_taken(mail: WildDuck, user: str) -> None:
    mail.addresses.create_forwarded(address="info@example.test", targets=["x@remote.test"])
    with pytest.raises(Conflict):
        mail.addresses.create(user, address="I.nfo@example.test")
    with pytest.raises(Conflict):
        mail.users.create(username="info", password=PASSWORD)


def test_cursors_carry_the_number_of_the_page() -> None:
    place = ["2026-01-02T03:04:05.000Z", "5970860fcdb513ce633407a1"]
    cursor = PACK.write_cursor(place, 3)
    assert PACK.cursor_page is not None
    assert (PACK.read_cursor(cursor), PACK.cursor_page(cursor)) == (place, 3)


def test_a_public_key_is_that_of_the_private_one() -> None:
    modulus, exponent = (1 << 511) + 12345, 65537
    private = b"".join(
        der._item(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))  # pyright: ignore[reportPrivateUsage]
        for number in (0, modulus, exponent, 3)
    )
    wrapped = der._item(0x30, private)  # pyright: ignore[reportPrivateUsage]
    assert der.public_key(wrapped) == der.rsa_key(modulus, exponent)


@pytest.mark.parametrize("content", [b"", b"0", b"0\x82\xff", b"\x02\x01\x05", b"0\x03\x02\x01\x05"])
def test_what_is_no_key_is_told_so(content: bytes) -> None:
    with pytest.raises(der.BadKey):
        der.public_key(content)
