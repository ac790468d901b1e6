"""Lists that come in pages, as iterators over all of them or page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

import msgspec

from mailwright.runtime.caller import AsyncCaller, Caller
from mailwright.runtime.errors import ResponseInvalid, UsageError
from mailwright.runtime.operation import Operation, Paging
from mailwright.runtime.response import Response

Item = TypeVar("Item")
PageModel = TypeVar("PageModel")

_DIGITS = 100
"""So many digits has the number of a page at most."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Page(Generic[Item, PageModel]):
    """One page: its items, the size of the whole list where the API tells it, and cursors to its neighbours.

    `value` is the page as the API's document has it, `response` the whole answer.
    """

    items: list[Item]
    total: int | None
    next_cursor: str | None
    previous_cursor: str | None
    value: PageModel
    response: Response[PageModel]

    def __repr__(self) -> str:
        return f"<Page of {self.response.operation}: {len(self.items)} items>"


class _Query(Generic[Item, PageModel]):
    """One list request that can be asked for any of its pages; `Pages` and `AsyncPages` differ in the asking only."""

    def __init__(
        self,
        operation: Operation[PageModel],
        path: tuple[str | int, ...],
        query: Mapping[str, object] | None,
        headers: Mapping[str, object] | None,
    ) -> None:
        if operation.paging is None:
            raise UsageError("the operation has no pages", operation=operation.id, method=operation.method)
        self.operation = operation
        self.paging: Paging = operation.paging
        self.path = path
        self.query = dict(query or {})
        self.headers = headers

    def at(self, *, following: object, preceding: object) -> dict[str, object]:
        """Returns the query parameters of one page; raises `UsageError` when two are asked for."""
        if following is not None and preceding is not None:
            raise self._refused("a page is asked for with next or with previous, not both")
        query = dict(self.query)
        for cursor, argument, wire in (
            (following, "next", self.paging.next),
            (preceding, "previous", self.paging.previous),
        ):
            if cursor is None:
                continue
            if not isinstance(cursor, str) or not cursor:
                raise self._refused(f"{argument} must be a cursor that a page gave, not {cursor!r:.20}")
            if self.paging.page:
                wire = self.paging.page
                if not _is_page_number(cursor):
                    raise self._refused(f"{argument} must be a cursor that a page gave, not {cursor!r:.20}")
            if not wire:
                raise self._refused(f"this list cannot be asked for its {argument} page")
            query[wire] = cursor
        return query

    def page(self, response: Response[PageModel], query: Mapping[str, object]) -> Page[Item, PageModel]:
        """Returns the page an answer to `query` holds; raises `ResponseInvalid` for a cursor that is none."""
        value = response.value
        items = cast("list[Item] | None", getattr(value, self.paging.items))
        total = getattr(value, self.paging.total) if self.paging.total else None
        cursors = (
            self._numbers(query, len(items or ()), total)
            if self.paging.page
            else (
                self._cursor(response, self.paging.cursor),
                self._cursor(response, self.paging.previous_cursor),
            )
        )
        return Page(
            items=items or [],
            total=cast("int | None", total),
            next_cursor=cursors[0],
            previous_cursor=cursors[1],
            value=value,
            response=response,
        )

    def following(self, page: Page[Item, PageModel], seen: set[str]) -> str | None:
        """Returns the next page's cursor, or None; raises `ResponseInvalid` for one that was there before."""
        cursor = page.next_cursor
        # Without a parameter to send it in, asking again would give the same page for ever.
        if cursor is None or not (self.paging.next or self.paging.page):
            return None
        if cursor in seen:
            raise self._invalid(page.response, self.paging.cursor, "the list goes in a circle: its cursor came before")
        seen.add(cursor)
        return cursor

    def _numbers(self, query: Mapping[str, object], items: int, total: object) -> tuple[str | None, str | None]:
        """Returns the numbers of the next and the previous page; without a size one page has everything."""
        number = int(cast("str", query.get(self.paging.page, "1")))
        size = query.get(self.paging.size)
        if not isinstance(size, int) or size < 1:
            return None, None
        # A total may be an estimate, or capped: a page that is not full is the last one in any case.
        last = items < size or (isinstance(total, int) and number * size >= total)
        return (None if last else str(number + 1)), (str(number - 1) if number > 1 else None)

    def _cursor(self, response: Response[PageModel], attribute: str) -> str | None:
        cursor: object = getattr(response.value, attribute) if attribute else None
        if cursor is None or cursor is False or cursor == "":
            return None
        if not isinstance(cursor, str):
            raise self._invalid(response, attribute, f"a {type(cursor).__name__} is no cursor")
        return cursor

    def _refused(self, cause: str) -> UsageError:
        return UsageError(cause, operation=self.operation.id, method=self.operation.method)

    def _invalid(self, response: Response[PageModel], attribute: str, cause: str) -> ResponseInvalid:
        return ResponseInvalid(
            cause,
            place=f"$.{_wire_name(response.value, attribute)}",
            content=response.content,
            operation=response.operation,
            method=response.method,
            url=response.url,
            status=response.status,
            attempts=response.attempts,
            elapsed=response.elapsed,
        )


def _is_page_number(cursor: str) -> bool:
    return cursor.isascii() and cursor.isdigit() and len(cursor) <= _DIGITS and int(cursor) > 0


def _wire_name(model: object, attribute: str) -> str:
    if isinstance(model, msgspec.Struct):
        names = dict(zip(model.__struct_fields__, model.__struct_encode_fields__, strict=True))
        return names.get(attribute, attribute)
    return attribute


class Pages(Generic[Item, PageModel]):
    """A list on the server; iterating reads it page by page, and each time anew.

    Nothing is asked before the first item is. Iterating and `page` raise what any call raises, and `ResponseInvalid`
    when the pages go in a circle.
    """

    def __init__(
        self,
        client: Caller,
        operation: Operation[PageModel],
        /,
        *path: str | int,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
    ) -> None:
        self._client = client
        self._query = _Query[Item, PageModel](operation, path, query, headers)

    def page(
        self,
        *,
        next: str | None = None,  # noqa: A002 (the API's own word)
        previous: str | None = None,
    ) -> Page[Item, PageModel]:
        """Returns one page: the first, or the one that a cursor of another page leads to."""
        asked = self._query
        query = asked.at(following=next, preceding=previous)
        return asked.page(self._client.send(asked.operation, *asked.path, query=query, headers=asked.headers), query)

    def pages(self) -> Iterator[Page[Item, PageModel]]:
        """Yields all pages, from the first."""
        seen: set[str] = set()
        cursor: str | None = None
        while True:
            page = self.page(next=cursor)
            yield page
            cursor = self._query.following(page, seen)
            if cursor is None:
                return

    def __iter__(self) -> Iterator[Item]:
        for page in self.pages():
            yield from page.items

    def __repr__(self) -> str:
        return f"<Pages of {self._query.operation.id}>"


class AsyncPages(Generic[Item, PageModel]):
    """A list on the server, for `async for`; the rules of `Pages` hold."""

    def __init__(
        self,
        client: AsyncCaller,
        operation: Operation[PageModel],
        /,
        *path: str | int,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
    ) -> None:
        self._client = client
        self._query = _Query[Item, PageModel](operation, path, query, headers)

    async def page(
        self,
        *,
        next: str | None = None,  # noqa: A002 (the API's own word)
        previous: str | None = None,
    ) -> Page[Item, PageModel]:
        """Returns one page: the first, or the one that a cursor of another page leads to."""
        asked = self._query
        query = asked.at(following=next, preceding=previous)
        response = await self._client.send(asked.operation, *asked.path, query=query, headers=asked.headers)
        return asked.page(response, query)

    async def pages(self) -> AsyncIterator[Page[Item, PageModel]]:
        """Yields all pages, from the first."""
        seen: set[str] = set()
        cursor: str | None = None
        while True:
            page = await self.page(next=cursor)
            yield page
            cursor = self._query.following(page, seen)
            if cursor is None:
                return

    async def __aiter__(self) -> AsyncIterator[Item]:
        async for page in self.pages():
            for item in page.items:
                yield item

    def __repr__(self) -> str:
        return f"<AsyncPages of {self._query.operation.id}>"
