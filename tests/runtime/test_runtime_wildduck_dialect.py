from __future__ import annotations

import json

import pytest
from sample_api import ONCE, CannedReply, Duck, scripted

from mailwright.runtime import (
    APIError,
    AuthenticationFailed,
    Client,
    Conflict,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    RateLimited,
    ServerError,
    UsageError,
)
from mailwright.runtime.dialects import dialect


def refused(status: int, body: object) -> APIError:
    backend = scripted(CannedReply(json.dumps(body).encode(), status))
    with pytest.raises(APIError) as caught:
        Duck("http://mail.test", backend=backend, retries=ONCE).users.get("x")
    return caught.value


# Most rows are answers of real servers from 1.0.89 to 1.51.1.
@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (403, {"error": "Invalid accessToken value"}, AuthenticationFailed, None),
        (403, {"code": "InvalidToken", "message": "Invalid accessToken value"}, AuthenticationFailed, "InvalidToken"),
        (200, {"error": "Authentication failed"}, AuthenticationFailed, None),
        (200, {"error": "Authentication failed. Invalid scope"}, AuthenticationFailed, None),
        (403, {"error": "Authentication failed", "code": "AuthFailed"}, AuthenticationFailed, "AuthFailed"),
        (401, {"error": "Who are you?"}, AuthenticationFailed, None),
        (403, {"error": "Authentication failed. Invalid scope", "code": "InvalidAuthScope"},
         PermissionDenied, "InvalidAuthScope"),
        (403, {"error": "Not enough privileges", "code": "MissingPrivileges"}, PermissionDenied, "MissingPrivileges"),
        (403, {"error": "No"}, PermissionDenied, None),
        (404, {"code": "ResourceNotFound", "message": "/nosuch does not exist"}, NotFound, "ResourceNotFound"),
        (200, {"error": "user was not found", "code": "UserNotFound"}, NotFound, "UserNotFound"),
        (200, {"error": "This user does not exist"}, NotFound, None),
        (200, {"error": "User not found"}, NotFound, None),
        (200, {"error": "Application Specific Password was not found"}, NotFound, None),
        (200, {"error": "This mailbox does not exist"}, NotFound, None),
        (200, {"error": "Mailbox deletion failed with code NONEXISTENT"}, NotFound, None),
        (404, {"error": "Mailbox deletion failed with code NoSuchMailbox", "code": "NoSuchMailbox"},
         NotFound, "NoSuchMailbox"),
        (200, {"error": "no", "code": "NONEXISTENT"}, NotFound, "NONEXISTENT"),
        (200, {"success": False, "code": "NoSuchQueueEntry"}, NotFound, "NoSuchQueueEntry"),
        (500, {"error": "Password verification failed", "code": "AuthFail"}, AuthenticationFailed, "AuthFail"),
        (400, {"error": "This domain alias already exists", "code": "AliasExists"}, Conflict, "AliasExists"),
        (404, {"error": "Filter was not found"}, NotFound, None),
        (404, {"error": "Invalid or unknown address", "code": "AddressNotFound"}, NotFound, "AddressNotFound"),
        (200, {"error": "This username already exists", "code": "UserExistsError"}, Conflict, "UserExistsError"),
        (500, {"error": "This username already exists", "code": "UserExistsError"}, Conflict, "UserExistsError"),
        (500, {"error": "This address already exists", "code": "AddressExistsError"}, Conflict, "AddressExistsError"),
        (200, {"error": "This email address already exists", "code": "AddressExists"}, Conflict, "AddressExists"),
        (200, {"error": "Selected email address already exists", "code": 11000}, Conflict, 11000),
        (200, {"error": "This username already exists"}, Conflict, None),
        (200, {"error": "Mailbox creation failed with code ALREADYEXISTS"}, Conflict, None),
        (200, {"error": "no", "code": "ALREADYEXISTS"}, Conflict, "ALREADYEXISTS"),
        (409, {"error": "no"}, Conflict, None),
        (200, {"error": "\"forward\" is not allowed", "code": "InputValidationError"},
         InvalidRequest, "InputValidationError"),
        (400, {"code": "InvalidContent", "message": "Invalid JSON"}, InvalidRequest, "InvalidContent"),
        (405, {"code": "MethodNotAllowed", "message": "PUT is not allowed"}, InvalidRequest, "MethodNotAllowed"),
        (422, {"error": "no"}, InvalidRequest, None),
        (200, {"error": "Invalid authentication token"}, InvalidRequest, None),
        (200, {"error": "Mailbox deletion failed with code CANNOT"}, InvalidRequest, None),
        (200, {"error": "Address can not contain *"}, InvalidRequest, None),
        (400, {"error": "TOTP 2FA is already enabled for this user", "code": "TotpEnabled"},
         InvalidRequest, "TotpEnabled"),
        (200, {"success": False}, InvalidRequest, None),
        (200, {"succese": False, "error": "no"}, InvalidRequest, None),
        (200, {"success": 1, "error": "no"}, InvalidRequest, None),
        (200, {"success": "true", "error": "no"}, InvalidRequest, None),
        (429, {"error": "Slow down"}, RateLimited, None),
        (403, {"error": "Slow down", "code": "RateLimitedError"}, RateLimited, "RateLimitedError"),
        (500, {"error": "Updating the path 'flags' would create a conflict at 'flags'", "code": 40}, ServerError, 40),
        (500, {"error": "This user does not exist"}, ServerError, None),
        (503, {"message": "later"}, ServerError, None),
        (999, {"message": "odd"}, ServerError, None),
        (500, {"success": True, "id": "a"}, ServerError, None),
        (400, {}, InvalidRequest, None),
        (404, {"code": True}, NotFound, None),
    ],
)  # fmt: skip
def test_answer_without_success_is_the_error_it_means(
    status: int, body: dict[str, object], kind: type[APIError], code: str | int | None
) -> None:
    error = refused(status, body)
    assert type(error) is kind
    assert error.code == code
    assert error.message == str(body.get("error") or body.get("message") or error.message)
    assert json.loads(error.content) == body
    assert (error.status, error.operation, error.attempts) == (status, "getUser", 1)


def test_details_are_kept() -> None:
    details = {"username": '"username" is required'}
    error = refused(400, {"error": "bad", "code": "InputValidationError", "details": details})
    assert error.details == details


def test_text_tells_the_cause_the_call_the_status_and_the_code() -> None:
    error = refused(200, {"error": "user was not found", "code": "UserNotFound"})
    assert str(error) == "user was not found (getUser: GET http://mail.test/users/x, status 200, code UserNotFound)"


@pytest.mark.parametrize(
    ("status", "kind"), [(401, AuthenticationFailed), (404, NotFound), (429, RateLimited), (502, ServerError)]
)
@pytest.mark.parametrize(
    ("content", "media_type", "cause"),
    [
        (b"<html>Bad Gateway</html>", "text/html", "HTML, not JSON; is this URL the API?"),
        (b"", "application/json", "empty body"),
        (b'{"error":', "application/json", "cut off"),
        (b"[]", "application/json", "does not fit the API"),
        (b"\xff", "application/json", "not UTF-8"),
        (b"no", "text/plain", "text/plain, not JSON"),
        (b'{"details":' + b"[" * 100_000, "application/json", "nested too deeply"),
    ],
)
def test_error_status_stays_an_error_when_its_body_explains_nothing(
    status: int, kind: type[APIError], content: bytes, media_type: str, cause: str
) -> None:
    backend = scripted(CannedReply(content, status, (("Content-Type", media_type),)))
    with pytest.raises(kind, match=cause.replace("?", r"\?")) as caught:
        Duck("http://mail.test", backend=backend, retries=ONCE).users.get("x")
    assert (caught.value.status, caught.value.content) == (status, content)


@pytest.mark.parametrize("depth", [100, 300, 450, 700, 950])
def test_details_of_any_depth_do_not_hide_the_error(depth: int) -> None:
    body = b'{"error":"no","details":' + b"[" * depth + b"]" * depth + b"}"
    with pytest.raises(InvalidRequest):
        Duck("http://mail.test", backend=scripted(CannedReply(body, 400))).users.get("x")


def test_unknown_dialect_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(UsageError, match="no dialect 'pop3'; known: doveadm, mailcow, stalwart, wildduck"):
        dialect("pop3")


def test_client_without_a_dialect_is_refused() -> None:
    with pytest.raises(UsageError, match="no dialect"):
        Client("http://mail.test")
