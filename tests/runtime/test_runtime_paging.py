from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from sample_api import GET_USER, AsyncDuck, AsyncScripted, CannedReply, Duck, Scripted, UserList, scripted

from mailwright.runtime import (
    AsyncPages,
    MailwrightError,
    Operation,
    Pages,
    Paging,
    Request,
    ResponseInvalid,
    UsageError,
)

# cursor asked for -> ids, next cursor, previous cursor
SERVER: dict[str, tuple[list[str], object, object]] = {
    "": (["1", "2"], "c2", False),
    "c2": (["3"], "c3", "c1"),
    "c3": ([], "c4", "c2"),
    "c4": (["4"], False, "c3"),
    "c1": (["1", "2"], "c2", False),
}


def serve(pages: dict[str, tuple[list[str], object, object]]) -> Callable[[Request], CannedReply]:
    def answer(request: Request) -> CannedReply:
        query = parse_qs(urlsplit(request.url).query)
        cursor = (query.get("next") or query.get("previous") or [""])[0]
        ids, following, preceding = pages[cursor]
        body = {
            "success": True,
            "total": 4,
            "page": 1,
            "previousCursor": preceding,
            "nextCursor": following,
            "results": [{"id": text} for text in ids],
        }
        return CannedReply(json.dumps(body).encode())

    return answer


def ids_sync(backend: Scripted) -> list[str]:
    return [user.id for user in Duck("http://mail.test", backend=backend).users.list(query="j")]


def ids_async(backend: Scripted) -> list[str]:
    async def collect() -> list[str]:
        mail = AsyncDuck("http://mail.test", backend=AsyncScripted(backend))
        return [user.id async for user in mail.users.list(query="j")]

    return asyncio.run(collect())


WALKS = pytest.mark.parametrize("walk", [ids_sync, ids_async])
Walk = Callable[[Scripted], list[str]]


@WALKS
def test_iterating_walks_all_pages_with_the_same_filters_and_no_page_number(walk: Walk) -> None:
    backend = scripted(serve(SERVER))
    assert walk(backend) == ["1", "2", "3", "4"]
    assert [urlsplit(request.url).query for request in backend.requests] == [
        "query=j",
        "query=j&next=c2",
        "query=j&next=c3",
        "query=j&next=c4",
    ]


@WALKS
@pytest.mark.parametrize("end", [False, None, ""])
def test_cursor_that_is_none_ends_the_list(walk: Walk, end: object) -> None:
    backend = scripted(serve({"": (["1"], end, False)}))
    assert walk(backend) == ["1"]
    assert len(backend.requests) == 1


@WALKS
@pytest.mark.parametrize(
    "pages",
    [
        {"": (["1"], "a", False), "a": (["2"], "a", False)},
        {"": (["1"], "a", False), "a": (["2"], "b", False), "b": (["3"], "a", False)},
    ],
)
def test_pages_that_go_in_a_circle_are_an_error(walk: Walk, pages: dict[str, tuple[list[str], object, object]]) -> None:
    backend = scripted(serve(pages))
    with pytest.raises(ResponseInvalid, match="circle") as caught:
        walk(backend)
    error = caught.value
    assert (error.place, error.operation, error.status) == ("$.nextCursor", "listUsers", 200)
    assert b'"nextCursor": "a"' in error.content
    assert len(backend.requests) == len(pages)


@WALKS
def test_cursor_that_is_true_is_an_error(walk: Walk) -> None:
    with pytest.raises(ResponseInvalid, match="a bool is no cursor") as caught:
        walk(scripted(serve({"": (["1"], True, False)})))
    assert caught.value.place == "$.nextCursor"


@WALKS
def test_error_on_a_later_page_is_raised_there(walk: Walk) -> None:
    backend = scripted(serve(SERVER), b'{"error":"oh"}')
    with pytest.raises(MailwrightError, match="oh"):
        walk(backend)
    assert len(backend.requests) == 2


def test_nothing_is_asked_before_the_first_item() -> None:
    backend = scripted(serve(SERVER))
    pages = Duck("http://mail.test", backend=backend).users.list()
    assert (repr(pages), backend.requests) == ("<Pages of listUsers>", [])
    items = iter(pages)
    assert backend.requests == []
    assert [next(items).id, next(items).id] == ["1", "2"]
    assert len(backend.requests) == 1


def test_iterating_again_starts_anew() -> None:
    pages = Duck("http://mail.test", backend=scripted(serve(SERVER))).users.list()
    assert [user.id for user in pages] == [user.id for user in pages] == ["1", "2", "3", "4"]


def test_pages_one_by_one_carry_items_cursors_total_and_response() -> None:
    users = Duck("http://mail.test", backend=scripted(serve(SERVER))).users
    first = users.list().page()
    assert [user.id for user in first.items] == ["1", "2"]
    assert (first.total, first.next_cursor, first.previous_cursor) == (4, "c2", None)
    assert isinstance(first.value, UserList)
    assert (first.response.status, first.response.value) == (200, first.value)
    second = users.list().page(next=first.next_cursor)
    assert ([user.id for user in second.items], second.previous_cursor) == (["3"], "c1")
    back = users.list().page(previous=second.previous_cursor)
    assert [user.id for user in back.items] == ["1", "2"]
    assert repr(back) == "<Page of listUsers: 2 items>"
    assert [len(page.items) for page in users.list().pages()] == [2, 1, 0, 1]


def test_async_pages_one_by_one_are_the_same() -> None:
    async def walk() -> tuple[list[int], str | None, str]:
        mail = AsyncDuck("http://mail.test", backend=AsyncScripted(scripted(serve(SERVER))))
        pages = mail.users.list()
        sizes = [len(page.items) async for page in pages.pages()]
        page = await pages.page(next="c2")
        return sizes, page.next_cursor, repr(pages)

    assert asyncio.run(walk()) == ([2, 1, 0, 1], "c3", "<AsyncPages of listUsers>")


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        ({"next": "a", "previous": "b"}, "next or with previous, not both"),
        ({"next": False}, "next must be a cursor that a page gave, not False"),
        ({"next": ""}, "next must be a cursor that a page gave, not ''"),
        ({"previous": 5}, "previous must be a cursor that a page gave, not 5"),
    ],
)
def test_page_that_cannot_be_asked_for_is_refused(arguments: dict[str, str], cause: str) -> None:
    backend = scripted(serve(SERVER))
    with pytest.raises(UsageError, match=cause) as caught:
        Duck("http://mail.test", backend=backend).users.list().page(**arguments)
    assert (caught.value.operation, backend.requests) == ("listUsers", [])


def test_list_without_a_previous_parameter_refuses_it() -> None:
    one_way: Operation[UserList] = Operation(
        "GET", "/users", id="listUsers", result=UserList, paging=Paging(cursor="next_cursor", next="next")
    )
    pages = Pages[object, UserList](Duck("http://mail.test", backend=scripted(serve(SERVER))), one_way)
    with pytest.raises(UsageError, match="cannot be asked for its previous page"):
        pages.page(previous="c1")
    assert pages.page().total is None


def test_list_without_a_next_parameter_is_one_page() -> None:
    single: Operation[UserList] = Operation(
        "GET", "/users", id="listUsers", result=UserList, paging=Paging(cursor="next_cursor")
    )
    backend = scripted(serve(SERVER))
    assert len(list(Pages[object, UserList](Duck("http://mail.test", backend=backend), single))) == 2
    assert len(backend.requests) == 1


def test_operation_without_pages_is_refused() -> None:
    with pytest.raises(UsageError, match="no pages"):
        Pages(Duck("http://mail.test", backend=scripted()), GET_USER, "x")
    with pytest.raises(UsageError, match="no pages"):
        AsyncPages(AsyncDuck("http://mail.test", backend=AsyncScripted()), GET_USER, "x")


def test_page_without_its_list_has_no_items() -> None:
    class Loose(UserList, kw_only=True):
        results: list[object] | None = None  # type: ignore[assignment]

    operation: Operation[Loose] = Operation("GET", "/users", id="listUsers", result=Loose, paging=Paging())
    pages = Pages[object, Loose](Duck("http://mail.test", backend=scripted(b'{"success":true}')), operation)
    assert list(pages) == []
