from __future__ import annotations

import base64
import plistlib
import struct
import zlib

import pytest
from mock_caller import Caller, Clock

from mailwright.mock import Mock
from mailwright.mock.packs.wildduck.totp import code

JANE = {"username": "jane", "password": "a-password"}


def seed_of(mock: Mock, user: str) -> bytes:
    secret = mock.totp_secret(user)
    return base64.b32decode(secret + "=" * (-len(secret) % 8))


@pytest.fixture
def jane(call: Caller) -> str:
    return call.user("jane")


@pytest.mark.parametrize("scope", ["imap", "nosuch", "master"])
def test_the_master_password_opens_any_scope_and_says_master(call: Caller, jane: str, scope: str) -> None:
    assert call("POST", "/authenticate", {**JANE, "scope": scope}) == {
        "success": True,
        "id": jane,
        "username": "jane",
        "scope": "master",
        "require2fa": False,
        "requirePasswordChange": False,
    }


def test_an_address_is_as_good_as_a_user_name(call: Caller, jane: str) -> None:
    call("POST", f"/users/{jane}/addresses", {"address": "j.doe@example.org"})
    assert call("POST", "/authenticate", {**JANE, "username": "JDoe@Example.org"})["id"] == jane


def test_the_log_tells_who_tried_what_the_newest_first(call: Caller, jane: str) -> None:
    call("POST", "/authenticate", {**JANE, "protocol": "IMAP", "ip": "192.0.2.1", "sess": "s1"})
    call("POST", "/authenticate", {**JANE, "password": "wrong"})
    fail, success, created = call("GET", f"/users/{jane}/authlog")["results"]
    assert (fail["result"], fail["protocol"], fail["ip"], fail["sess"]) == ("fail", "API", None, None)
    assert (success["result"], success["protocol"], success["ip"], success["sess"]) == (
        "success",
        "IMAP",
        "192.0.2.1",
        "s1",
    )
    assert (created["action"], "protocol" in created) == ("account created", False)
    assert created["created"].startswith("2026-01-02")
    assert created["expires"].startswith("2026-02-01")


@pytest.mark.parametrize(("wish", "count"), [("ip=192.0.2.1", 1), ("sess=s1", 1), ("ip=192.0.2.2", 0), ("", 3)])
def test_the_log_is_filtered(call: Caller, jane: str, wish: str, count: int) -> None:
    call("POST", "/authenticate", {**JANE, "ip": "192.0.2.1"})
    call("POST", "/authenticate", {**JANE, "sess": "s1"})
    assert call("GET", f"/users/{jane}/authlog?{wish}")["total"] == count


def test_an_application_password_opens_its_scopes_alone(call: Caller, jane: str) -> None:
    asp = call("POST", f"/users/{jane}/asps", {"description": "phone", "scopes": ["imap", "smtp"]})
    spaced = " ".join(asp["password"][place : place + 4] for place in range(0, 16, 4)).upper()
    answer = call("POST", "/authenticate", {"username": "jane", "password": spaced, "scope": "imap"})
    assert answer == {"success": True, "id": jane, "username": "jane", "scope": "imap", "require2fa": False}
    assert "error" in call("POST", "/authenticate", {"username": "jane", "password": asp["password"], "scope": "pop3"})
    assert "error" in call("POST", "/authenticate", {"username": "jane", "password": asp["password"]})


def test_an_application_password_shows_its_last_use(call: Caller, jane: str) -> None:
    asp = call("POST", f"/users/{jane}/asps", {"description": "phone"})
    assert call("GET", f"/users/{jane}/asps")["results"][0]["lastUse"] == {"time": False, "event": False}
    call("POST", "/authenticate", {"username": "jane", "password": asp["password"], "scope": "imap"})
    entry = call("GET", f"/users/{jane}/authlog")["results"][0]
    assert (entry["source"], entry["asp"]) == ("asp", asp["id"])
    (shown,) = call("GET", f"/users/{jane}/asps")["results"]
    assert shown["lastUse"] == {"time": entry["created"], "event": entry["id"]}
    assert "password" not in shown


@pytest.mark.parametrize(
    ("given", "kept"),
    [({}, ["*"]), ({"scopes": "smtp,imap"}, ["imap", "smtp"]), ({"scopes": ["pop3", "*"]}, ["*"])],
)
def test_scopes_are_a_list_or_text_with_commas(
    call: Caller, jane: str, given: dict[str, object], kept: list[str]
) -> None:
    call("POST", f"/users/{jane}/asps", {"description": "phone", **given})
    assert call("GET", f"/users/{jane}/asps")["results"][0]["scopes"] == kept


def test_a_scope_that_is_none_is_refused_in_the_servers_words(call: Caller, jane: str) -> None:
    answer = call("POST", f"/users/{jane}/asps", {"description": "bad", "scopes": ["master"]})
    # Exchange n=65 of 1.0.92.
    assert answer["error"] == (
        'child "scopes" fails because ["scopes" at position 0 fails because ["0" must be one of '
        '[imap, pop3, smtp, *]], "scopes" does not contain 1 required value(s)]'
    )


def test_a_profile_is_made_on_request(call: Caller, jane: str) -> None:
    asp = call("POST", f"/users/{jane}/asps", {"description": "phone", "generateMobileconfig": "yes"})
    profile = plistlib.loads(base64.b64decode(asp["mobileconfig"]))
    assert profile["PayloadContent"][0]["IncomingPassword"] == asp["password"]
    assert "mobileconfig" not in call("POST", f"/users/{jane}/asps", {"description": "phone"})


def test_an_application_password_is_deleted_once(call: Caller, jane: str) -> None:
    asp = call("POST", f"/users/{jane}/asps", {"description": "phone"})["id"]
    assert call("DELETE", f"/users/{jane}/asps/{asp}?ip=192.0.2.1") == {"success": True}
    assert call("DELETE", f"/users/{jane}/asps/{asp}") == {"error": "Application Specific Password was not found"}
    assert call("GET", f"/users/{jane}/authlog?action=delete+asp")["results"][0]["ip"] == "192.0.2.1"


def test_codes_are_those_of_rfc_6238(clock: Clock) -> None:
    # Appendix B of the RFC, the last six digits of each.
    for moment, wanted in [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]:
        assert code(b"12345678901234567890", clock.now.fromtimestamp(moment, clock.now.tzinfo)) == wanted


def test_the_qr_code_is_a_png_that_carries_its_seed(call: Caller, mock: Mock, jane: str) -> None:
    url = call("POST", f"/users/{jane}/2fa/totp/setup", {"issuer": "test ikas"})["qrcode"]
    picture = base64.b64decode(url.removeprefix("data:image/png;base64,"))
    place, chunks = 8, {}
    while place < len(picture):
        length, kind = struct.unpack(">I4s", picture[place : place + 8])
        content = picture[place + 8 : place + 8 + length]
        assert struct.unpack(">I", picture[place + 8 + length : place + 12 + length])[0] == zlib.crc32(kind + content)
        chunks[kind] = content
        place += 12 + length
    assert list(chunks) == [b"IHDR", b"tEXt", b"IDAT", b"IEND"]
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    assert len(zlib.decompress(chunks[b"IDAT"])) == height * (1 + width // 8)
    assert f"secret={mock.totp_secret(jane)}&issuer=test%20ikas".encode() in chunks[b"tEXt"]


def test_one_time_passwords_are_set_up_enabled_checked_and_disabled(
    call: Caller, mock: Mock, clock: Clock, jane: str
) -> None:
    base = f"/users/{jane}/2fa"
    assert "error" in call("POST", f"{base}/totp/enable", {"token": "123456"})
    call("POST", f"{base}/totp/setup", {"issuer": "test"})
    seed = seed_of(mock, jane)
    assert call("POST", f"{base}/totp/enable", {"token": "000000"}) == {"error": "Invalid authentication token"}
    assert call("POST", f"{base}/totp/enable", {"token": code(seed, clock.now)}) == {"success": True}
    assert call("GET", f"/users/{jane}")["enabled2fa"] == ["totp"]
    again = call("POST", f"{base}/totp/setup", {"issuer": "test"})
    assert again == {"error": "TOTP 2FA is already enabled for this user"}

    assert call("POST", "/authenticate", JANE)["require2fa"] == ["totp"]
    refused = call("POST", "/authenticate", {**JANE, "scope": "imap"})
    assert refused == {"error": "Authentication failed. Invalid scope"}

    assert call("POST", f"{base}/totp/check", {"token": code(seed, clock.now)}) == {"success": True}
    clock.forward(minutes=2)
    assert call("POST", f"{base}/totp/check", {"token": code(seed, clock.now, steps=-1)}) == {"success": True}
    wrong = call("POST", f"{base}/totp/check", {"token": code(seed, clock.now, steps=-3)})
    assert wrong == {"error": "Failed to validate TOTP"}

    assert call("DELETE", f"{base}/totp") == {"success": True}
    off = {"error": "2FA TOTP is not enabled for this user"}
    assert call("POST", f"{base}/totp/check", {"token": "000000"}) == off
    assert call("DELETE", f"{base}/totp") == off
    assert call("DELETE", base) == {"success": True}
    with pytest.raises(KeyError):
        mock.totp_secret(jane)


def test_a_seed_stays_until_a_fresh_one_is_asked_for(call: Caller, mock: Mock, jane: str) -> None:
    path = f"/users/{jane}/2fa/totp/setup"
    call("POST", path, {"issuer": "test"})
    first = mock.totp_secret(jane)
    call("POST", path, {"issuer": "test"})
    assert mock.totp_secret(jane) == first
    call("POST", path, {"issuer": "test", "fresh": True})
    assert mock.totp_secret(jane) != first


def test_a_password_reset_switches_second_factors_off(call: Caller, mock: Mock, clock: Clock, jane: str) -> None:
    call("POST", f"/users/{jane}/2fa/totp/setup", {"issuer": "test"})
    call("POST", f"/users/{jane}/2fa/totp/enable", {"token": code(seed_of(mock, jane), clock.now)})
    call("POST", f"/users/{jane}/password/reset", {})
    assert call("GET", f"/users/{jane}")["enabled2fa"] == []
