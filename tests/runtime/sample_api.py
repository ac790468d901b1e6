"""A hand-written piece of what the generator writes: two resources, sync and async, and backends made of lists."""

# pyright: strict
from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import ClassVar, Unpack

from msgspec import field as named

from mailwright.runtime import (
    UNSET,
    ApiKey,
    AsyncClient,
    AsyncOptions,
    AsyncPages,
    AsyncResource,
    Client,
    Operation,
    Options,
    Pages,
    Paging,
    Request,
    RequestModel,
    Resource,
    ResponseModel,
    Retries,
    Unset,
    async_with_response,
    with_response,
)

ONCE = Retries(attempts=1)


class CreateUser(RequestModel, kw_only=True):
    _secrets: ClassVar[frozenset[str]] = frozenset(["password"])
    username: str
    password: str | bool
    name: str | Unset | None = UNSET
    quota: int | float | Unset = UNSET
    hashed_password: bool | Unset = named(name="hashedPassword", default=UNSET)


class Created(ResponseModel, kw_only=True):
    success: bool
    id: str


class User(ResponseModel, kw_only=True):
    success: bool
    id: str
    username: str | None = None
    quota: int | None = None


class UserSummary(ResponseModel, kw_only=True):
    id: str
    username: str | None = None


class UserList(ResponseModel, kw_only=True):
    success: bool
    results: list[UserSummary]
    total: int | None = None
    next_cursor: bool | str | None = named(name="nextCursor", default=None)
    previous_cursor: bool | str | None = named(name="previousCursor", default=None)


GET_USER: Operation[User] = Operation("GET", "/users/{}", id="getUser", result=User)
CREATE_USER: Operation[Created] = Operation("POST", "/users", id="createUser", result=Created)
LIST_USERS: Operation[UserList] = Operation(
    "GET",
    "/users",
    id="listUsers",
    result=UserList,
    csv=frozenset(["tags"]),
    paging=Paging(
        items="results",
        total="total",
        cursor="next_cursor",
        previous_cursor="previous_cursor",
        next="next",
        previous="previous",
    ),
)
PING: Operation[Created] = Operation("GET", "/ping", id="ping", result=Created, secured=False)


class Users(Resource):
    def get(self, user: str) -> User:
        return self._client.call(GET_USER, user)

    def create(
        self,
        *,
        username: str,
        password: str | bool,
        name: str | Unset | None = UNSET,
        quota: int | float | Unset = UNSET,
    ) -> Created:
        body = CreateUser(username=username, password=password, name=name, quota=quota)
        return self._client.call(CREATE_USER, body=body)

    def list(
        self, *, query: str | Unset = UNSET, tags: builtins.list[str] | Unset = UNSET
    ) -> Pages[UserSummary, UserList]:
        return Pages(self._client, LIST_USERS, query={"query": query, "tags": tags})

    @property
    def with_response(self) -> UsersWithResponse:
        return UsersWithResponse(Users(self._client.answering()))


class UsersWithResponse:
    def __init__(self, users: Users) -> None:
        self.get = with_response(users.get)
        self.create = with_response(users.create)
        self.list = users.list


class AsyncUsers(AsyncResource):
    async def get(self, user: str) -> User:
        return await self._client.call(GET_USER, user)

    async def create(self, *, username: str, password: str | bool, name: str | Unset | None = UNSET) -> Created:
        return await self._client.call(CREATE_USER, body=CreateUser(username=username, password=password, name=name))

    def list(
        self, *, query: str | Unset = UNSET, tags: builtins.list[str] | Unset = UNSET
    ) -> AsyncPages[UserSummary, UserList]:
        return AsyncPages(self._client, LIST_USERS, query={"query": query, "tags": tags})

    @property
    def with_response(self) -> AsyncUsersWithResponse:
        return AsyncUsersWithResponse(AsyncUsers(self._client.answering()))


class AsyncUsersWithResponse:
    def __init__(self, users: AsyncUsers) -> None:
        self.get = async_with_response(users.get)
        self.create = async_with_response(users.create)
        self.list = users.list


class Duck(Client):
    _dialect = "wildduck"

    def __init__(self, base_url: str, *, access_token: str | None = None, **options: Unpack[Options]) -> None:
        credentials = () if access_token is None else (ApiKey("header", "X-Access-Token", access_token),)
        super().__init__(base_url, credentials=credentials, **options)

    @property
    def users(self) -> Users:
        return Users(self)


class AsyncDuck(AsyncClient):
    _dialect = "wildduck"

    def __init__(self, base_url: str, *, access_token: str | None = None, **options: Unpack[AsyncOptions]) -> None:
        credentials = () if access_token is None else (ApiKey("header", "X-Access-Token", access_token),)
        super().__init__(base_url, credentials=credentials, **options)

    @property
    def users(self) -> AsyncUsers:
        return AsyncUsers(self)


@dataclass
class CannedReply:
    content: bytes = b'{"success":true,"id":"1"}'
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


Answer = CannedReply | Exception | Callable[[Request], CannedReply]


@dataclass
class Scripted:
    """A backend that gives one answer after the other, and the last for ever."""

    answers: list[Answer] = field(default_factory=lambda: [CannedReply()])
    requests: list[Request] = field(default_factory=list[Request])
    closed: int = 0

    def send(self, request: Request, /) -> CannedReply:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    def close(self) -> None:
        self.closed += 1


@dataclass
class AsyncScripted:
    """The same, awaited."""

    inner: Scripted = field(default_factory=Scripted)

    async def send(self, request: Request, /) -> CannedReply:
        return self.inner.send(request)

    async def aclose(self) -> None:
        self.inner.close()


def scripted(*answers: Answer | bytes) -> Scripted:
    return Scripted([CannedReply(answer) if isinstance(answer, bytes) else answer for answer in _some(answers)])


def _some(answers: Iterable[Answer | bytes]) -> list[Answer | bytes]:
    return list(answers) or [CannedReply()]
