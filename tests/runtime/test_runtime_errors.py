from __future__ import annotations

import pickle

import pytest
from sample_api import ONCE, Duck, scripted

from mailwright import runtime
from mailwright.runtime import (
    APIError,
    ConnectFailed,
    Disconnected,
    MailwrightError,
    NotFound,
    PartialFailure,
    ProtocolError,
    ResponseInvalid,
    TimedOut,
    TransportError,
    UsageError,
)
from mailwright.runtime import errors as tree


def test_every_error_is_public_and_drawn_in_the_tree() -> None:
    classes = {
        name for name, kind in vars(tree).items() if isinstance(kind, type) and issubclass(kind, MailwrightError)
    }
    assert classes == {
        name
        for name in runtime.__all__
        if isinstance(kind := getattr(runtime, name), type) and issubclass(kind, MailwrightError)
    }
    assert [name for name in classes if name not in (tree.__doc__ or "")] == []


def test_all_names_are_sorted_and_importable() -> None:
    from mailwright.runtime import __all__

    assert len(set(__all__)) == len(__all__)
    assert [name for name in __all__ if not hasattr(runtime, name)] == []
    constants = [name for name in __all__ if name.isupper()]
    classes = [name for name in __all__ if name[0].isupper() and not name.isupper()]
    functions = [name for name in __all__ if name[0].islower()]
    assert __all__ == sorted(constants) + sorted(classes) + sorted(functions)


@pytest.mark.parametrize("kind", [ConnectFailed, TimedOut, Disconnected, ProtocolError, TransportError])
def test_transport_error_is_told_which_call_it_ended(kind: type[TransportError]) -> None:
    mail = Duck("http://mail.test", backend=scripted(kind("broke")), retries=ONCE)
    with pytest.raises(kind, match="broke") as caught:
        mail.users.get("x")
    error = caught.value
    assert type(error) is kind
    assert (error.operation, error.method, error.url) == ("getUser", "GET", "http://mail.test/users/x")
    assert (error.status, error.code, error.attempts) == (None, None, 1)
    assert 0 <= error.elapsed < 5


@pytest.mark.parametrize(
    ("builtin", "kind"),
    [
        (ConnectionRefusedError("refused"), ConnectFailed),
        (ConnectionResetError("reset"), Disconnected),
        (BrokenPipeError("pipe"), Disconnected),
        (TimeoutError("slow"), TimedOut),
        (TimeoutError(), TimedOut),
    ],
)
def test_backend_may_raise_the_builtin_of_the_same_meaning(builtin: OSError, kind: type[TransportError]) -> None:
    with pytest.raises(kind) as caught:
        Duck("http://mail.test", backend=scripted(builtin), retries=ONCE).users.get("x")
    assert type(caught.value) is kind
    assert caught.value.message
    assert caught.value.operation == "getUser"


def test_bug_in_a_backend_is_not_disguised() -> None:
    with pytest.raises(ZeroDivisionError):
        Duck("http://mail.test", backend=scripted(ZeroDivisionError()), retries=ONCE).users.get("x")


@pytest.mark.parametrize(
    "error",
    [
        UsageError("no"),
        NotFound("gone", code="X", details={"a": 1}, content=b"{}", status=404, operation="getUser"),
        PartialFailure("some", details=[{"type": "danger"}]),
        ResponseInvalid("odd", place="$.id", content=b"[]"),
    ],
)
def test_errors_survive_pickling(error: MailwrightError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert (str(copy), vars(copy)) == (str(error), vars(error))


def test_one_except_clause_catches_what_the_api_answers() -> None:
    backend = scripted(b'{"error":"This user does not exist"}')
    with pytest.raises(APIError):
        Duck("http://mail.test", backend=backend, retries=ONCE).users.get("x")
