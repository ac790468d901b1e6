from __future__ import annotations

import json

import pytest
from sample_api import CREATE_USER, CreateUser, Duck, Scripted, scripted

from mailwright.runtime import UNSET, RequestModel, Unset, UsageError


class Deep(RequestModel, kw_only=True):
    inner: object = UNSET
    other_name: str | Unset = UNSET


@pytest.fixture
def backend() -> Scripted:
    return scripted()


@pytest.fixture
def mail(backend: Scripted) -> Duck:
    return Duck("http://mail.test", backend=backend)


def test_unset_fields_are_left_out_and_none_is_null(mail: Duck, backend: Scripted) -> None:
    mail.users.create(username="jane", password=False, name=None)
    assert json.loads(backend.requests[0].content or b"") == {"username": "jane", "password": False, "name": None}
    assert ("Content-Type", "application/json") in backend.requests[0].headers


def test_field_goes_by_its_wire_name(mail: Duck, backend: Scripted) -> None:
    mail.call(CREATE_USER, body=CreateUser(username="a", password="b", hashed_password=True))
    assert json.loads(backend.requests[0].content or b"")["hashedPassword"] is True


def test_body_with_no_field_set_is_an_empty_object(mail: Duck, backend: Scripted) -> None:
    mail.call(CREATE_USER, body=Deep())
    assert backend.requests[0].content == b"{}"


def test_unset_body_is_no_body(mail: Duck, backend: Scripted) -> None:
    mail.call(CREATE_USER, body=UNSET)
    assert backend.requests[0].content is None
    assert "content-type" not in {name.lower() for name, _ in backend.requests[0].headers}


@pytest.mark.parametrize("body", [None, [], ["a", {"b": 2**64}], {"n": -(2**70), "big": 10**400}, "grün 😀", 0, 1.25])
def test_any_json_arrives_exactly(mail: Duck, backend: Scripted, body: object) -> None:
    mail.call(CREATE_USER, body=body)
    assert json.loads(backend.requests[0].content or b"") == body


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        (float("nan"), r"nan at \$\.inner"),
        (float("inf"), r"inf at \$\.inner"),
        ([1, {"a": float("-inf")}], r"-inf at \$\.inner\[1\]\.a"),
        ("\ud800", r"lone surrogate at \$\.inner"),
        ({"\ud800": 1}, r"lone surrogate at \$\.inner"),
        (Deep(inner=["x\udfff"]), r"lone surrogate at \$\.inner\.inner\[0\]"),
        (b"x", r"bytes at \$\.inner"),
        (object(), "cannot be sent as JSON"),
        ([UNSET], "cannot be sent as JSON"),
        ({"a": UNSET}, "cannot be sent as JSON"),
    ],
)
def test_body_that_json_cannot_say_is_refused_with_its_place(
    mail: Duck, backend: Scripted, value: object, cause: str
) -> None:
    with pytest.raises(UsageError, match=cause) as caught:
        mail.call(CREATE_USER, body=Deep(inner=value))
    assert backend.requests == []
    assert (caught.value.operation, caught.value.method, caught.value.attempts) == ("createUser", "POST", 0)


def test_body_that_holds_itself_is_refused(mail: Duck, backend: Scripted) -> None:
    circle: list[object] = []
    circle.append(circle)
    with pytest.raises(UsageError, match="nested too deeply"):
        mail.call(CREATE_USER, body=circle)
    assert backend.requests == []
