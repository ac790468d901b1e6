"""What a client may be made with, and what it refuses by name when it is made."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from typing import Any

import httpx
import httpx2
import pytest
from mailwright_wildduck.v1_0_107 import AsyncWildDuck, WildDuck
from sample_api import GET_USER, AsyncDuck, AsyncScripted, Duck, Scripted, scripted

from mailwright.runtime import (
    ApiKey,
    AsyncClient,
    AsyncOptions,
    Attempt,
    CallOptions,
    Client,
    Limits,
    Options,
    Retries,
    Timeout,
    UsageError,
)
from mailwright.runtime.settings import Settings

Make = Callable[..., Any]
ALL = pytest.mark.parametrize("make", [Duck, AsyncDuck, WildDuck, AsyncWildDuck])
GENERATED = pytest.mark.parametrize("make", [WildDuck, AsyncWildDuck])
SECRET = "hunter22hunter22"


def hook(attempt: Attempt) -> None: ...


async def coroutine_hook(attempt: Attempt) -> None: ...


class CoroutineHook:
    async def __call__(self, attempt: Attempt) -> None: ...


class PlainHook:
    def __call__(self, attempt: Attempt) -> None: ...


GOOD: dict[str, list[object]] = {
    "timeout": [1, 0.5, 10**6, Timeout(), Timeout(idle=5)],
    "retries": [Retries(), Retries(attempts=1)],
    "limits": [Limits(), Limits(nesting=5)],
    "follow_redirects": [True, False],
    "hash_passwords": [True, False],
    "before_send": [None, hook, PlainHook(), functools.partial(hook), print, [].append],
    "after_response": [None, hook, PlainHook(), lambda _: None],
}
BAD: dict[str, dict[str, object]] = {
    "timeout": {
        "timeout must be a number of seconds, not str": "5",
        "timeout must be a number of seconds, not bool": True,
        "timeout must be a number of seconds, not NoneType": None,
        "timeout must be a number of seconds, not tuple": (5, 5),
        "timeout must be a number of seconds, not Timeout": httpx.Timeout(5),
        "timeout must be finite and above 0 seconds, not 0": 0,
        "timeout must be finite and above 0 seconds, not nan": float("nan"),
        "timeout must be finite and above 0 seconds": 10**5000,
    },
    "retries": {
        "retries must be a Retries, not int": 3,
        "retries must be a Retries, not bool": False,
        "retries must be a Retries, not NoneType": None,
        "retries must be a Retries, not type": Retries,
    },
    "limits": {
        "limits must be a Limits, not dict": {"nesting": 5},
        "limits must be a Limits, not int": 5,
        "limits must be a Limits, not NoneType": None,
    },
    "follow_redirects": {
        "follow_redirects must be a bool, not int": 1,
        "follow_redirects must be a bool, not str": "yes",
        "follow_redirects must be a bool, not NoneType": None,
    },
    "hash_passwords": {
        "hash_passwords must be a bool, not int": 0,
        "hash_passwords must be a bool, not NoneType": None,
    },
    "before_send": {
        "before_send must be a function that takes an Attempt, not list": [hook],
        "before_send must be a function that takes an Attempt, not bool": True,
        "before_send must be a plain function, not a coroutine function": coroutine_hook,
    },
    "after_response": {
        "after_response must be a function that takes an Attempt, not dict": {"response": [hook]},
        "after_response must be a plain function, not a coroutine function": CoroutineHook(),
        "after_response must be a plain function, not a coroutine function; ": functools.partial(coroutine_hook),
    },
}


def test_every_option_is_in_these_tables() -> None:
    assert set(GOOD) == set(BAD) == set(CallOptions.__annotations__)
    assert set(Options.__annotations__) == set(AsyncOptions.__annotations__) == {*GOOD, "backend"}
    assert set(GOOD) < set(Settings.__dataclass_fields__)


@ALL
@pytest.mark.parametrize("name", GOOD)
def test_good_option_is_taken_when_made_and_later(make: Make, name: str) -> None:
    for value in GOOD[name]:
        make("http://mail.test", **{name: value})
        make("http://mail.test").with_options(**{name: value})


@ALL
@pytest.mark.parametrize(("name", "cause"), [(name, cause) for name in BAD for cause in BAD[name]])
def test_bad_option_is_refused_by_name_when_made_and_later(make: Make, name: str, cause: str) -> None:
    for refusing in (make, lambda _, **options: make("http://mail.test").with_options(**options)):
        with pytest.raises(UsageError) as caught:
            refusing("http://mail.test", **{name: BAD[name][cause]})
        assert caught.value.message.startswith(cause.rstrip("; "))


@ALL
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("time_out", "there is no option time_out; did you mean timeout?"),
        ("timeouts", "there is no option timeouts; did you mean timeout?"),
        ("retry", "there is no option retry; did you mean retries?"),
        ("follow_redirect", "there is no option follow_redirect; did you mean follow_redirects?"),
        ("befor_send", "there is no option befor_send; did you mean before_send?"),
        ("proxy", "there is no option proxy; there are "),
        ("verify", "there is no option verify; there are "),
        ("x" * 5000, "there is no option xxxx"),
    ],
)
def test_unknown_option_is_named_with_the_one_that_was_meant(make: Make, name: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        make("http://mail.test", **{name: SECRET})
    assert caught.value.message.startswith(told)
    assert SECRET not in str(caught.value)
    if "there are" in told:
        assert all(option in caught.value.message for option in Options.__annotations__)


@GENERATED
def test_misspelt_token_is_not_repeated(make: Make) -> None:
    with pytest.raises(UsageError, match="there is no option acces_token") as caught:
        make("http://mail.test", acces_token=SECRET)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("make", "backend", "cause"),
    [
        (WildDuck, "curl", 'backend must be one of "httpx"'),
        (WildDuck, "", 'backend must be one of "httpx"'),
        (WildDuck, object(), "backend must have a send method, which object lacks"),
        (WildDuck, Scripted, "backend must be an object, not a class; was Scripted() meant?"),
        (AsyncWildDuck, AsyncScripted, "backend must be an object, not a class"),
        (WildDuck, httpx.Client, "backend must be an object, not a class"),
        (WildDuck, AsyncScripted(), "a sync client needs a sync backend, which AsyncScripted is not"),
        (AsyncWildDuck, Scripted(), "an async client needs an async backend, which Scripted is not"),
        (WildDuck, httpx.AsyncClient(), "backend must be an httpx.Client for a sync client"),
        (AsyncWildDuck, httpx.Client(), "backend must be an httpx.AsyncClient for an async client"),
        (AsyncWildDuck, httpx2.Client(), "backend must be an httpx2.AsyncClient for an async client"),
        (WildDuck, httpx.HTTPTransport(), "backend"),
    ],
)
def test_backend_that_cannot_be_used_is_refused(make: Make, backend: object, cause: str) -> None:
    with pytest.raises(UsageError) as caught:
        make("http://mail.test", backend=backend)
    assert caught.value.message.startswith(cause)


@pytest.mark.parametrize(("make", "lent"), [(WildDuck, httpx.Client), (AsyncWildDuck, httpx.AsyncClient)])
def test_token_in_the_query_is_refused_with_a_client_that_logs_it(make: Make, lent: Make) -> None:
    make("http://mail.test", backend=lent(), access_token=SECRET)
    with pytest.raises(UsageError, match="would get into the log") as caught:
        make("http://mail.test", backend=lent(), access_token=SECRET, access_token_in="query")
    assert SECRET not in str(caught.value)


# The base URL


@ALL
@pytest.mark.parametrize(
    ("base_url", "cause"),
    [
        ("", "base_url is empty"),
        (" ", "base_url is empty, or has a blank"),
        ("mail.test", "base_url must start with http:// or https://"),
        ("localhost:8080", "base_url must start with http:// or https://"),
        ("//mail.test", "base_url must start with http:// or https://"),
        ("/api", "base_url must start with http:// or https://"),
        ("ftp://mail.test", "base_url must start with http:// or https://"),
        ("unix:///run/mail.sock", "base_url must start with http:// or https://"),
        ("ws://mail.test", "base_url must start with http:// or https://"),
        ("http:mail.test", "base_url names no host"),
        ("http:/mail.test", "base_url names no host"),
        ("https://", "base_url names no host"),
        (f"http://{SECRET}@mail.test", "base_url has a user or a password in it"),
        (f"http://jane:{SECRET}@mail.test", "base_url has a user or a password in it"),
        (f"http://jane:{SECRET}/x@mail.test", "base_url is not a URL: its port is not a number"),
        (f"http://jane:{SECRET}#@mail.test", "base_url is not a URL: its port is not a number"),
        (f"http://mail.test:{SECRET}", "base_url is not a URL: its port is not a number"),
        (f"http://[{SECRET}]/", "base_url is not a URL: its host is malformed"),
        (f"http://mail.test?access={SECRET}", "base_url has a query or a fragment in it"),
        (f"http://mail.test/#{SECRET}", "base_url has a query or a fragment in it"),
        (f"http://mail.test\n{SECRET}", "base_url is empty, or has a blank"),
        (None, "base_url must be a str, not NoneType"),
        (8080, "base_url must be a str, not int"),
        (["http://mail.test"], "base_url must be a str, not list"),
        (httpx.URL("http://mail.test"), "base_url must be a str, not URL"),
    ],
)
def test_base_url_that_is_none_is_refused_in_a_sentence_that_does_not_repeat_it(
    make: Make, base_url: object, cause: str
) -> None:
    with pytest.raises(UsageError) as caught:
        make(base_url)
    assert caught.value.message.startswith(cause)
    assert SECRET not in repr(caught.value) + str(caught.value)


# Credentials


@GENERATED
@pytest.mark.parametrize("location", ["header", "query"])
@pytest.mark.parametrize("token", ["", "a\n", "a\0", "\ud800", b"token", 5, ["x"]])
def test_token_that_cannot_be_sent_is_refused_by_name(make: Make, location: str, token: object) -> None:
    with pytest.raises(UsageError, match=r"the token for (X-Access-Token|accessToken)"):
        make("http://mail.test", access_token=token, access_token_in=location)


@GENERATED
def test_token_in_no_known_place_is_refused(make: Make) -> None:
    with pytest.raises(UsageError, match="a token goes in a 'header' or the 'query', not 'cookie'") as caught:
        make("http://mail.test", access_token=SECRET, access_token_in="cookie")
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("base", [Client, AsyncClient])
def test_dialect_that_there_is_not_is_refused(base: type) -> None:
    made = type("Odd", (base,), {"_dialect": "odd"})
    with pytest.raises(UsageError, match="there is no dialect 'odd'"):
        made("http://mail.test")


def test_credentials_may_be_a_list_that_changes_later() -> None:
    class Bare(Client):
        _dialect = "wildduck"

    credentials = [ApiKey("header", "X-A", "1")]
    backend = scripted()
    mail = Bare("http://mail.test", credentials=credentials, backend=backend)  # type: ignore[arg-type]
    credentials.clear()
    mail.call(GET_USER, "x")
    assert ("X-A", "1") in backend.requests[0].headers


# Siblings


def test_sibling_has_its_own_options_and_the_first_keeps_its_own() -> None:
    backend = scripted()
    with WildDuck("http://mail.test", backend=backend, timeout=50) as mail:
        first = mail.users
        patient = mail.with_options(timeout=20, limits=Limits(nesting=5))
        quick = patient.with_options(timeout=2)
        for client in (mail, patient, quick):
            client.users.delete("x")
        first.delete("x")
        assert [round(sent.timeout) for sent in backend.requests] == [50, 20, 2, 50]
        assert quick._settings.limits == Limits(nesting=5)
        assert type(quick) is WildDuck


def test_resources_of_a_sibling_stand_on_the_sibling() -> None:
    backend = scripted()
    mail = WildDuck("http://mail.test", backend=backend)
    # Resources are made once and kept.
    assert mail.users is mail.users
    sibling = mail.with_options(timeout=2)
    assert sibling.users is not mail.users
    assert sibling.users is sibling.users
    sibling.users.with_response.delete("x")
    mail.users.with_response.delete("x")
    assert [round(sent.timeout) for sent in backend.requests] == [2, 60]


def test_resources_of_an_async_sibling_stand_on_the_sibling() -> None:
    inner = scripted()

    async def main() -> None:
        async with AsyncWildDuck("http://mail.test", backend=AsyncScripted(inner)) as mail:
            await mail.users.delete("x")
            await mail.with_options(timeout=2).users.delete("x")
            await mail.users.delete("x")

    asyncio.run(main())
    assert [round(sent.timeout) for sent in inner.requests] == [60, 2, 60]


def test_attributes_of_ones_own_class_stay() -> None:
    class Mine(WildDuck):
        def __init__(self, tenant: str, **options: Any) -> None:
            super().__init__("http://mail.test", **options)
            self.tenant = tenant

        @functools.cached_property
        def short(self) -> object:
            return self.users

    mail = Mine("acme", backend=scripted())
    assert mail.short is mail.users
    sibling = mail.with_options(timeout=2)
    assert sibling.tenant == "acme"
    assert sibling.short is sibling.users


@ALL
def test_backend_is_no_option_of_a_call(make: Make) -> None:
    with pytest.raises(UsageError, match="there is no option backend"):
        make("http://mail.test").with_options(backend="httpx2")


@ALL
def test_no_options_are_options_too(make: Make) -> None:
    assert make("http://mail.test").with_options()._settings == make("http://mail.test")._settings


def test_siblings_share_credentials_and_base_url() -> None:
    backend = scripted()
    mail = WildDuck("http://mail.test/api/", access_token=SECRET, backend=backend)
    mail.with_options(timeout=2).users.delete("x")
    assert backend.requests[0].url == "http://mail.test/api/users/x"
    assert ("X-Access-Token", SECRET) in backend.requests[0].headers
    assert repr(mail.with_options(timeout=2)) == "WildDuck('http://mail.test/api')"


def test_closing_a_sibling_closes_nothing_and_closing_the_first_closes_all() -> None:
    with WildDuck("http://mail.test", backend="pyreqwest") as mail:
        with mail.with_options(timeout=2) as sibling:
            pass
        sibling.close()
        held = mail._connection.backend()
        mail.close()
        for client in (mail, sibling, sibling.with_options(timeout=1)):
            with pytest.raises(UsageError, match="the client is closed"):
                client.users.delete("x")
        with pytest.raises(UsageError, match="the backend is closed"):
            held.send(None)  # type: ignore[arg-type]


def test_hook_of_a_sibling_is_its_own() -> None:
    seen: list[str] = []
    mail = Duck("http://mail.test", backend=scripted(), before_send=lambda _: seen.append("first"))
    mail.with_options(before_send=lambda _: seen.append("sibling")).users.get("x")
    mail.with_options(before_send=None).users.get("x")
    mail.users.get("x")
    assert seen == ["sibling", "first"]
