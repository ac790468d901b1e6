from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from sample_api import GET_USER, LIST_USERS, Duck, Scripted, scripted

from mailwright.runtime import UNSET, UsageError

EMPTY_LIST = b'{"success":true,"results":[]}'


@pytest.fixture
def backend() -> Scripted:
    return scripted(EMPTY_LIST)


@pytest.fixture
def mail(backend: Scripted) -> Duck:
    return Duck("http://mail.test/api/", backend=backend)


@pytest.mark.parametrize(
    "value",
    ["a/b", "../x", "..%2f", "%2e%2e", "a?b", "a#b", "a b", "ü", "😀", "a\r\nb", "...", "a;b=c", "*", 5, -1, 2**70],
)
def test_path_argument_arrives_as_one_segment_as_it_was_given(value: str | int) -> None:
    backend = scripted()
    Duck("http://mail.test/api", backend=backend).call(GET_USER, value)
    path = urlsplit(backend.requests[0].url).path
    assert path.count("/") == 3
    assert unquote(path.removeprefix("/api/users/")) == str(value)


@pytest.mark.parametrize("value", ["", ".", "..", "a\0b", "\ud800", True, None, 1.5, b"x", UNSET])
def test_path_argument_that_names_another_path_is_refused(mail: Duck, backend: Scripted, value: object) -> None:
    with pytest.raises(UsageError, match="path argument 1 of /users/"):
        mail.call(GET_USER, value)  # type: ignore[arg-type]
    assert backend.requests == []


@pytest.mark.parametrize("path", [(), ("a", "b")])
def test_wrong_number_of_path_arguments_is_refused(mail: Duck, backend: Scripted, path: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="takes 1 path arguments, not"):
        mail.call(GET_USER, *path)
    assert backend.requests == []


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("jane", ["jane"]),
        ("a&b=c d+ü%", ["a&b=c d+ü%"]),
        (0, ["0"]),
        (2**64, ["18446744073709551616"]),
        (1.5, ["1.5"]),
        (True, ["true"]),
        (False, ["false"]),
        (["a", "b"], ["a", "b"]),
        (("a,b", 1), ["a,b", "1"]),
        (date(2018, 1, 20), ["2018-01-20"]),
        (datetime(2018, 1, 20, tzinfo=UTC), ["2018-01-20T00:00:00+00:00"]),
    ],
)
def test_query_value_is_sent_as_text(mail: Duck, backend: Scripted, value: object, sent: list[str]) -> None:
    mail.call(LIST_USERS, query={"query": value})
    assert parse_qsl(urlsplit(backend.requests[0].url).query) == [("query", text) for text in sent]


@pytest.mark.parametrize("value", [UNSET, None, "", [], ()])
def test_query_value_that_is_absent_or_empty_is_not_sent(mail: Duck, backend: Scripted, value: object) -> None:
    mail.call(LIST_USERS, query={"query": value, "tags": value})
    assert backend.requests[0].url == "http://mail.test/api/users"


def test_csv_list_is_one_value_joined_with_commas(mail: Duck, backend: Scripted) -> None:
    mail.call(LIST_USERS, query={"tags": ["green", "blue"]})
    assert backend.requests[0].url == "http://mail.test/api/users?tags=green%2Cblue"


@pytest.mark.parametrize(
    ("name", "value", "cause"),
    [
        ("tags", ["a,b"], "comma"),
        ("tags", ["a", ""], "empty item"),
        ("query", ["a", None], "empty item"),
        ("query", [UNSET], "empty item"),
        ("query", "\udfff", "lone surrogate"),
        ("query", float("nan"), "nan"),
        ("query", float("inf"), "inf"),
        ("query", {"a": 1}, "dict has no text form"),
        ("query", [["a"]], "list has no text form"),
        ("query", b"a", "bytes has no text form"),
        ("query", object(), "object has no text form"),
    ],
)
def test_query_value_without_a_text_form_is_refused(
    mail: Duck, backend: Scripted, name: str, value: object, cause: str
) -> None:
    with pytest.raises(UsageError, match=f"query parameter {name} .*{cause}"):
        mail.call(LIST_USERS, query={name: value})
    assert backend.requests == []


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\0b", "a\x7fb", " a", "a\t", "€", "\ud800"])
def test_header_value_that_would_not_arrive_is_refused(mail: Duck, backend: Scripted, value: str) -> None:
    with pytest.raises(UsageError, match="header X-Note has"):
        mail.call(LIST_USERS, headers={"X-Note": value})
    assert backend.requests == []


@pytest.mark.parametrize("name", ["", "a b", "a:", "a\r\nb", "ü"])
def test_header_name_that_is_none_is_refused(mail: Duck, name: str) -> None:
    with pytest.raises(UsageError, match="is not a header name"):
        mail.call(LIST_USERS, headers={name: "x"})


def test_header_values_are_sent_and_absent_ones_are_not(mail: Duck, backend: Scripted) -> None:
    mail.call(LIST_USERS, headers={"X-A": "grün\tx", "X-B": 5, "X-C": UNSET, "X-D": None, "X-E": True})
    sent = dict(backend.requests[0].headers)
    assert {name: sent.get(name) for name in ("X-A", "X-B", "X-C", "X-D", "X-E")} == {
        "X-A": "grün\tx",
        "X-B": "5",
        "X-C": None,
        "X-D": None,
        "X-E": "true",
    }
