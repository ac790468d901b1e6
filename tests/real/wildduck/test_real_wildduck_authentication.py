from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from account import Account
from authenticator import SecurityKey
from scenario_data import GHOST, totp_code, wrong_totp_code

from mailwright.runtime import AuthenticationFailed, InvalidRequest, NotFound, PermissionDenied


def test_a_password_lets_in_and_a_wrong_one_does_not(mail: Any, account: Account) -> None:
    for name in (account.username, account.address):
        login = mail.authentication.authenticate(username=name, password=account.password)
        assert (login.id, login.username, login.address) == (account.id, account.username, account.address)
        assert login.scope == "master"
        assert not login.require2fa
    with pytest.raises(AuthenticationFailed) as refused:
        mail.authentication.authenticate(username=account.username, password="wrong")
    assert (refused.value.status, refused.value.code) == (403, "AuthFailed")
    before = mail.authentication.pre_authenticate(username=account.username)
    assert (before.id, before.scope) == (account.id, "master")


def test_a_token_of_a_user_reaches_its_own_things_until_it_is_revoked(
    mail: Any, account: Account, mail_with: Callable[[str], Any]
) -> None:
    login = mail.authentication.authenticate(username=account.username, password=account.password, token=True)
    own = mail_with(login.token)
    assert own.authentication.check_token().success
    assert own.users.get("me").id == account.id
    assert [each.id for each in own.users.list()] == [account.id]
    with pytest.raises(PermissionDenied) as refused:
        own.settings.list().page()
    assert (refused.value.status, refused.value.code) == (403, "MissingPrivileges")
    assert own.authentication.revoke_token().success
    with pytest.raises(AuthenticationFailed) as ended:
        own.users.get("me")
    assert (ended.value.status, ended.value.code) == (403, "InvalidToken")


def test_the_log_tells_who_came_from_where(mail: Any, account: Account) -> None:
    come = {"protocol": "test", "ip": "192.0.2.9", "sess": "session-9"}
    mail.authentication.authenticate(username=account.username, password=account.password, **come)
    with pytest.raises(AuthenticationFailed):
        mail.authentication.authenticate(username=account.username, password="wrong", **come)
    log = list(mail.authentication.list_log(account.id, action="authentication", limit=1))
    assert [(each.result, each.protocol, each.ip, each.sess) for each in log] == [
        ("fail", "test", "192.0.2.9", "session-9"),
        ("success", "test", "192.0.2.9", "session-9"),
    ]
    assert list(mail.authentication.list_log(account.id, filterip="198.51.100.1")) == []
    event = mail.authentication.get_log_event(account.id, log[0].id)
    assert (event.id, event.action, event.result) == (log[0].id, "authentication", "fail")
    with pytest.raises(NotFound) as missing:
        mail.authentication.get_log_event(account.id, GHOST)
    assert missing.value.code == "EventNotFound"


def test_an_application_password_lets_in_to_its_scopes_only(mail: Any, account: Account) -> None:
    made = mail.application_passwords.create(
        account.id, description="Laptop", scopes=["imap", "smtp"], generate_mobileconfig=True
    )
    assert b"<plist" in base64.b64decode(made.mobileconfig)
    assert made.password not in repr(made)
    login = mail.authentication.authenticate(username=account.username, password=made.password, scope="imap")
    assert (login.id, login.scope) == (account.id, "imap")
    with pytest.raises(PermissionDenied) as refused:
        mail.authentication.authenticate(username=account.username, password=made.password, scope="pop3")
    assert refused.value.code == "InvalidAuthScope"
    read = mail.application_passwords.get(account.id, made.id)
    assert (read.description, read.scopes) == ("Laptop", ["imap", "smtp"])
    assert abs(read.last_use.time - datetime.now(UTC)) < timedelta(minutes=5)
    assert [each.id for each in mail.application_passwords.list(account.id)] == [made.id]
    assert mail.application_passwords.delete(account.id, made.id).success
    with pytest.raises(NotFound) as missing:
        mail.application_passwords.get(account.id, made.id)
    assert missing.value.code == "AspNotFound"


def test_a_second_factor_of_codes_is_set_up_asked_for_and_switched_off(mail: Any, account: Account) -> None:
    setup = mail.two_factor.setup_totp(account.id, issuer="Tests", label=account.address)
    assert setup.qrcode.startswith("data:image/png;base64,")
    assert setup.seed not in repr(setup)
    with pytest.raises(AuthenticationFailed) as wrong:
        mail.two_factor.enable_totp(account.id, token=wrong_totp_code(setup.seed))
    assert wrong.value.code == "InvalidToken"
    assert mail.two_factor.enable_totp(account.id, token=totp_code(setup.seed)).success
    assert mail.users.get(account.id).enabled2fa == ["totp"]

    login = mail.authentication.authenticate(username=account.username, password=account.password, token=True)
    assert login.require2fa == ["totp"]
    assert not login.token
    code = totp_code(setup.seed, steps=1)
    checked = mail.two_factor.check_totp(account.id, token=code, totp_nonce=login.totp_nonce)
    assert len(checked.token) == 40
    with pytest.raises(PermissionDenied) as used:
        mail.two_factor.check_totp(account.id, token=code, totp_nonce=login.totp_nonce)
    assert used.value.code == "InvalidTotpNonce"

    assert mail.two_factor.disable_totp(account.id).success
    with pytest.raises(InvalidRequest):
        mail.two_factor.disable_totp(account.id)
    assert not mail.authentication.authenticate(username=account.username, password=account.password).require2fa


def test_a_second_factor_of_the_operators_own_is_switched_on_and_off(mail: Any, account: Account) -> None:
    assert mail.two_factor.enable_custom(account.id).success
    login = mail.authentication.authenticate(username=account.username, password=account.password)
    assert login.require2fa == ["custom"]
    assert mail.two_factor.disable_custom(account.id).success
    mail.two_factor.enable_custom(account.id)
    assert mail.two_factor.disable(account.id).success
    assert mail.users.get(account.id).enabled2fa == []


def test_a_security_key_is_registered_used_and_removed(mail: Any, account: Account) -> None:
    place = {"origin": "https://mail.example.test", "rp_id": "mail.example.test"}
    key = SecurityKey(place["origin"], place["rp_id"])
    asked = mail.two_factor.start_webauthn_registration(
        account.id, description="My key", authenticator_attachment="cross-platform", **place
    )
    challenge = asked.registration_options.challenge
    assert asked.registration_options.user.name == account.address
    done = mail.two_factor.finish_webauthn_registration(
        account.id, challenge=challenge, rp_id=place["rp_id"], **key.registration(challenge)
    )
    made = done.response
    assert (made.raw_id, made.description) == (key.raw_id, "My key")
    (listed,) = mail.two_factor.list_webauthn(account.id)
    assert (listed.id, listed.raw_id, listed.description) == (made.id, key.raw_id, "My key")

    login = mail.authentication.authenticate(username=account.username, password=account.password, token=True)
    assert login.require2fa == ["webauthn"]
    nonce = login.two_factor_nonce
    asked = mail.two_factor.start_webauthn_authentication(account.id, two_factor_nonce=nonce, **place)
    challenge = asked.authentication_options.challenge
    assert [each.raw_id for each in asked.authentication_options.allow_credentials] == [key.raw_id]
    done = mail.two_factor.finish_webauthn_authentication(
        account.id,
        challenge=challenge,
        rp_id=place["rp_id"],
        two_factor_nonce=nonce,
        token=True,
        **key.assertion(challenge),
    )
    assert (done.response.authenticated, done.response.credential) == (True, made.id)
    assert len(done.token) == 40

    assert mail.two_factor.delete_webauthn(account.id, made.id).deleted
    assert list(mail.two_factor.list_webauthn(account.id)) == []
    with pytest.raises(InvalidRequest) as off:
        mail.two_factor.start_webauthn_authentication(account.id, **place)
    assert off.value.code == "WebAuthnDisabled"


def test_a_token_for_agents_is_made_listed_and_removed(mail: Any, account: Account) -> None:
    expires = datetime(2090, 1, 1, tzinfo=UTC)
    made = mail.mcp_tokens.create(account.id, description="Agent", expires=expires)
    assert made.token.startswith("wdmcp_")
    assert made.token not in repr(made)
    (listed,) = mail.mcp_tokens.list(account.id)
    assert (listed.id, listed.description, listed.role, listed.expires) == (made.id, "Agent", "mcp:read", expires)
    assert mail.mcp_tokens.delete(account.id, made.id).success
    with pytest.raises(NotFound) as missing:
        mail.mcp_tokens.delete(account.id, made.id)
    assert missing.value.code == "McpTokenNotFound"
