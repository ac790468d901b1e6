"""Which failures are tried again, after which pause, and what is told of it."""

from __future__ import annotations

import asyncio
import email.utils
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sample_api import GET_USER, Answer, AsyncDuck, AsyncScripted, CannedReply, Duck, Scripted, scripted

from mailwright.runtime import (
    APIError,
    ConnectFailed,
    Disconnected,
    FailedAttempt,
    MailwrightError,
    Operation,
    ProtocolError,
    RateLimited,
    Response,
    ResponseInvalid,
    Retries,
    ServerError,
    TimedOut,
    Timeout,
    TransportError,
    UsageError,
    full_jitter,
    when_safe,
)
from mailwright.runtime.retries import is_repeatable, retry_after

NOW = Retries(wait=lambda _: 0)
GOOD = CannedReply()
Send = Callable[[Scripted, Operation[object], Retries], "Response[object]"]


def operation(method: str, *, unsafe: bool = False) -> Operation[object]:
    return Operation(method, "/thing", id="thing", result=object, unsafe=unsafe)


def send_sync(backend: Scripted, called: Operation[object], retries: Retries) -> Response[object]:
    return Duck("http://mail.test", backend=backend, retries=retries).send(called)


def send_async(backend: Scripted, called: Operation[object], retries: Retries) -> Response[object]:
    return asyncio.run(AsyncDuck("http://mail.test", backend=AsyncScripted(backend), retries=retries).send(called))


BOTH = pytest.mark.parametrize("send", [send_sync, send_async])


def status(code: int, *headers: tuple[str, str], body: bytes = b'{"error":"no"}') -> CannedReply:
    return CannedReply(body, code, (("Content-Type", "application/json"), *headers))


def timed_out(*, sent: bool) -> TimedOut:
    error = TimedOut("slow")
    error.sent = sent
    return error


# What is tried again

UNSENT: dict[str, Answer] = {
    "no connection": ConnectFailed("refused"),
    "refused": ConnectionRefusedError("refused"),
    "no connection in time": timed_out(sent=False),
}
PASSING: dict[str, Answer] = {
    "dropped": Disconnected("broke"),
    "reset": ConnectionResetError("reset"),
    "no answer in time": timed_out(sent=True),
    "silence": TimeoutError("slow"),
    "429": status(429),
    "502": status(502),
    "503": status(503),
    "504 with HTML": status(504, body=b"<html>"),
    "503 with a body that is packed wrongly": status(503, ("Content-Encoding", "gzip")),
    "rate limit told in the body": status(200, body=b'{"error":"wait","code":"RateLimitedError"}'),
}
LASTING: dict[str, Answer] = {
    "400": status(400),
    "401": status(401),
    "404": status(404),
    "408": status(408),
    "409": status(409),
    "500": status(500),
    "501": status(501),
    "505": status(505),
    "redirect": status(302),
    "no JSON": CannedReply(b"oops"),
    "no HTTP": ProtocolError("odd"),
    "unknown transport error": TransportError("odd"),
    "not packed as it says": CannedReply(b"{}", headers=(("Content-Encoding", "gzip"),)),
    "too many headers": CannedReply(b"{}", headers=(("X-A", "b"),) * 500),
    "refused by the backend": UsageError("no"),
    "503 with a code that says what it means": status(503, body=b'{"error":"no","code":"UserNotFound"}'),
}
REPEATABLE = ("GET", "HEAD", "PUT", "DELETE", "OPTIONS")
OTHERS = ("POST", "PATCH", "CONNECT", "get")


@BOTH
@pytest.mark.parametrize("failure", UNSENT)
@pytest.mark.parametrize("method", REPEATABLE + OTHERS)
@pytest.mark.parametrize("unsafe", [False, True])
def test_what_was_not_sent_is_tried_again_whatever_it_is(send: Send, failure: str, method: str, unsafe: bool) -> None:
    backend = scripted(UNSENT[failure], UNSENT[failure], GOOD)
    assert send(backend, operation(method, unsafe=unsafe), NOW).attempts == 3
    assert len(backend.requests) == 3


@BOTH
@pytest.mark.parametrize("failure", PASSING)
@pytest.mark.parametrize("method", REPEATABLE)
def test_passing_failure_of_a_repeatable_call_is_tried_again(send: Send, failure: str, method: str) -> None:
    backend = scripted(PASSING[failure], PASSING[failure], GOOD)
    assert send(backend, operation(method), NOW).attempts == 3
    assert len(backend.requests) == 3


@BOTH
@pytest.mark.parametrize("failure", PASSING)
@pytest.mark.parametrize(("method", "unsafe"), [*((method, False) for method in OTHERS), ("GET", True), ("PUT", True)])
def test_passing_failure_of_any_other_call_is_raised_at_once(
    send: Send, failure: str, method: str, unsafe: bool
) -> None:
    backend = scripted(PASSING[failure], GOOD)
    with pytest.raises(MailwrightError) as caught:
        send(backend, operation(method, unsafe=unsafe), NOW)
    assert caught.value.attempts == len(backend.requests) == 1


@BOTH
@pytest.mark.parametrize("failure", LASTING)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_lasting_failure_is_raised_at_once(send: Send, failure: str, method: str) -> None:
    backend = scripted(LASTING[failure], GOOD)
    with pytest.raises(MailwrightError) as caught:
        send(backend, operation(method), NOW)
    assert caught.value.attempts == len(backend.requests) == 1


@BOTH
@pytest.mark.parametrize("attempts", [1, 2, 5])
def test_last_failure_is_raised_and_tells_of_all_attempts(send: Send, attempts: int) -> None:
    failures: list[Answer] = [Disconnected(f"number {number}") for number in range(1, 10)]
    backend = scripted(*failures)
    with pytest.raises(Disconnected) as caught:
        send(backend, operation("GET"), replace(NOW, attempts=attempts))
    assert caught.value.message == f"number {attempts}"
    assert caught.value.attempts == len(backend.requests) == attempts


@BOTH
def test_call_without_a_backend_error_is_one_attempt(send: Send) -> None:
    response = send(scripted(), operation("POST"), Retries())
    assert response.attempts == 1
    assert 0 <= response.elapsed < 5


@BOTH
def test_elapsed_goes_over_all_attempts_and_pauses(send: Send) -> None:
    pausing = Retries(wait=lambda _: 0.02)
    assert send(scripted(ConnectFailed("x"), GOOD), operation("GET"), pausing).elapsed > 0.02
    with pytest.raises(ConnectFailed) as caught:
        send(scripted(ConnectFailed("x")), operation("GET"), pausing)
    assert caught.value.elapsed > 0.04


@BOTH
def test_each_attempt_sends_the_same_request(send: Send) -> None:
    backend = scripted(ConnectFailed("x"), Disconnected("x"), GOOD)
    send(backend, operation("PUT"), NOW)
    assert len({(sent.method, sent.url, sent.headers, sent.content) for sent in backend.requests}) == 1


@given(st.text("GETPOSDLHUAC", max_size=7), st.booleans())
def test_only_five_methods_are_repeatable(method: str, unsafe: bool) -> None:
    assert is_repeatable(method, unsafe=unsafe) == (method in REPEATABLE and not unsafe)


# How long the pause is


@given(number=st.integers(1, 10_000), seed=st.integers())
def test_pause_is_any_part_of_a_doubling_time(number: int, seed: int) -> None:
    random.seed(seed)
    failed = FailedAttempt(number, "thing", "GET", True, ConnectFailed("x"))
    longest = min(8.0, 0.5 * 2.0 ** min(number - 1, 10))
    assert 0.0 <= full_jitter(failed) <= longest


@pytest.mark.parametrize(
    ("number", "longest"), [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0), (6, 8.0), (5000, 8.0)]
)
def test_pause_uses_the_whole_of_its_range(number: int, longest: float) -> None:
    random.seed(number)
    failed = FailedAttempt(number, "thing", "GET", True, ConnectFailed("x"))
    pauses = [full_jitter(failed) for _ in range(2000)]
    assert min(pauses) < 0.02 * longest
    assert 0.98 * longest < max(pauses) <= longest


@dataclass
class Policy:
    """Waits for nothing, and keeps what it was asked."""

    asked: list[FailedAttempt] = field(default_factory=list[FailedAttempt])
    answer: object = 0.0

    def wait(self, failed: FailedAttempt) -> float:
        self.asked.append(failed)
        return self.answer  # type: ignore[return-value]


ASKED: dict[str, tuple[tuple[tuple[str, str], ...], float | None]] = {
    "seconds": ((("Retry-After", "7"),), 7.0),
    "parts of seconds": ((("retry-after", " 0.25 "),), 0.25),
    "none": ((("Retry-After", "0"),), 0.0),
    "very many": ((("Retry-After", "9" * 300),), float("9" * 300)),
    "beyond all numbers": ((("Retry-After", "9" * 5000),), float("inf")),
    "milliseconds": ((("Retry-After-Ms", "1500"),), 1.5),
    "milliseconds of Azure": ((("x-ms-retry-after-ms", "20"),), 0.02),
    "milliseconds before seconds": ((("Retry-After", "9"), ("retry-after-ms", "1")), 0.001),
    "milliseconds that are none": ((("Retry-After", "9"), ("retry-after-ms", "soon")), 9.0),
    "the first of two": ((("Retry-After", "1"), ("Retry-After", "2")), 1.0),
    "date of the past": ((("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT"),), 0.0),
    "old form of date": ((("Retry-After", "Wednesday, 21-Oct-15 07:28:00 GMT"),), 0.0),
    "oldest form of date": ((("Retry-After", "Wed Oct 21 07:28:00 2015"),), 0.0),
    "date of the year 1": ((("Retry-After", "Mon, 01 Jan 0001 00:00:00 GMT"),), 0.0),
    "negative": ((("Retry-After", "-5"),), None),
    "exponent": ((("Retry-After", "1e3"),), None),
    "not a number": ((("Retry-After", "nan"),), None),
    "infinite": ((("Retry-After", "inf"),), None),
    "words": ((("Retry-After", "in a while"),), None),
    "empty": ((("Retry-After", ""),), None),
    "two numbers": ((("Retry-After", "1, 2"),), None),
    "bad date": ((("Retry-After", "Wed, 99 Foo 2015 99:99:99 GMT"),), None),
    "day that is none": ((("Retry-After", "Mon, 31 Feb 2099 00:00:00 GMT"),), None),
    "zone that is none": ((("Retry-After", "Wed, 21 Oct 2015 07:28:00 +99999999999"),), None),
    "digits of other scripts": ((("Retry-After", "²³"),), None),
    "absent": ((), None),
}


@BOTH
@pytest.mark.parametrize("code", [429, 503])
@pytest.mark.parametrize("name", ASKED)
def test_policy_is_told_what_the_server_asks_for(send: Send, name: str, code: int) -> None:
    headers, asked = ASKED[name]
    policy = Policy()
    send(scripted(status(code, *headers), GOOD), operation("GET"), Retries(wait=policy.wait))
    assert [failed.retry_after for failed in policy.asked] == [asked]


@pytest.mark.parametrize("form", ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"])
@pytest.mark.parametrize("zone", ["UTC0", "IST-5:30", "PST8"])
def test_date_to_come_is_in_universal_time(form: str, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        date = time.strftime(form, time.gmtime(time.time() + 100))
        seconds = retry_after([("Retry-After", date)])
    finally:
        monkeypatch.undo()
        time.tzset()
    assert seconds is not None
    assert 95 < seconds <= 101


@given(
    st.text(st.characters(max_codepoint=255), max_size=60)
    | st.binary(max_size=60).map(lambda raw: raw.decode("latin-1"))
)
@example("0\x1f")
def test_nothing_a_server_asks_for_raises(value: str) -> None:
    for name in ("Retry-After", "Retry-After-Ms"):
        seconds = retry_after([(name, value)])
        assert seconds is None or seconds >= 0


WORDS = st.sampled_from(
    ["Wed", "Wed,", "21", "Oct", "Oct-", "-", ":", "2015", "1" * 5000, "07:28:00", "GMT", "+0130", "-0000", "+9e9", ""]
)


@given(st.lists(WORDS, max_size=8).map(" ".join))
def test_nothing_like_a_date_raises(value: str) -> None:
    seconds = retry_after([("Retry-After", value)])
    assert seconds is None or seconds >= 0


def test_server_is_obeyed_to_the_second() -> None:
    later = email.utils.formatdate(time.time() + 20, usegmt=True)
    failed = FailedAttempt(1, "thing", "GET", True, RateLimited("x"), retry_after([("Retry-After", later)]))
    assert 15 < full_jitter(failed) <= 20


@BOTH
@pytest.mark.parametrize("asked", ["31", "3600", "9" * 300, "9" * 5000])
def test_pause_longer_than_the_longest_is_not_made(send: Send, asked: str) -> None:
    backend = scripted(status(429, ("Retry-After", asked)), GOOD)
    with pytest.raises(RateLimited) as caught:
        send(backend, operation("GET"), Retries())
    assert caught.value.retry_after == float(asked)
    assert caught.value.attempts == len(backend.requests) == 1
    assert caught.value.elapsed < 5


def test_longest_wait_is_still_waited_for() -> None:
    failed = FailedAttempt(1, "thing", "GET", True, RateLimited("x"), 30.0)
    assert Retries().pause(failed, left=60.0) == 30.0
    assert Retries(longest_wait=29.9).pause(failed, left=60.0) is None
    assert Retries(longest_wait=float("inf")).pause(failed, left=60.0) == 30.0


@given(left=st.floats(-10, 1000), asked=st.floats(0, 1000), longest=st.floats(0, 1000))
def test_pause_never_goes_beyond_the_deadline(left: float, asked: float, longest: float) -> None:
    failed = FailedAttempt(1, "thing", "GET", True, RateLimited("x"), asked)
    pause = Retries(longest_wait=longest).pause(failed, left=left)
    assert pause == (asked if asked < left and asked <= longest else None)


@BOTH
def test_pause_beyond_the_deadline_raises_the_error_at_once(send: Send) -> None:
    def within_two_seconds(backend: Scripted, retries: Retries) -> None:
        if send is send_sync:
            Duck("http://mail.test", backend=backend, retries=retries, timeout=2).call(operation("GET"))
        else:
            mail = AsyncDuck("http://mail.test", backend=AsyncScripted(backend), retries=retries, timeout=2)
            asyncio.run(mail.call(operation("GET")))

    backend = scripted(status(503, ("Retry-After", "3")), GOOD)
    with pytest.raises(ServerError) as caught:
        within_two_seconds(backend, Retries())
    assert (caught.value.retry_after, caught.value.attempts) == (3.0, 1)
    assert caught.value.elapsed < 2


@BOTH
def test_error_that_is_not_tried_again_tells_what_the_server_asks_for_too(send: Send) -> None:
    with pytest.raises(APIError) as caught:
        send(scripted(status(400, ("Retry-After", "5"))), operation("GET"), Retries())
    assert caught.value.retry_after == 5.0
    with pytest.raises(APIError) as caught:
        send(scripted(status(400)), operation("GET"), Retries())
    assert caught.value.retry_after is None


# Policies of one's own


@BOTH
def test_functions_of_ones_own_decide(send: Send) -> None:
    policy = Policy()
    asked: list[FailedAttempt] = []

    def again(failed: FailedAttempt) -> bool:
        asked.append(failed)
        return isinstance(failed.error, ResponseInvalid) or when_safe(failed)

    backend = scripted(CannedReply(b"oops"), status(503, ("Retry-After", "4")), GOOD)
    response = send(backend, operation("GET"), Retries(again=again, wait=policy.wait))
    assert response.attempts == 3
    assert policy.asked == asked
    assert [(each.number, each.operation, each.method, each.repeatable, each.retry_after) for each in asked] == [
        (1, "thing", "GET", True, None),
        (2, "thing", "GET", True, 4.0),
    ]
    assert [type(each.error) for each in asked] == [ResponseInvalid, ServerError]
    assert asked[1].error.attempts == 2


@BOTH
def test_policy_may_forbid_everything(send: Send) -> None:
    with pytest.raises(ConnectFailed) as caught:
        send(scripted(ConnectFailed("x")), operation("GET"), Retries(again=lambda _: False))
    assert caught.value.attempts == 1


@BOTH
@pytest.mark.parametrize("seconds", [-1, -0.001, float("nan"), float("inf"), float("-inf"), 10**400, 30.001])
def test_pause_that_is_none_raises_the_error_at_once(send: Send, seconds: float) -> None:
    backend = scripted(ConnectFailed("x"), GOOD)
    with pytest.raises(ConnectFailed) as caught:
        send(backend, operation("GET"), Retries(wait=lambda _: seconds))
    assert caught.value.attempts == 1


@BOTH
@pytest.mark.parametrize("seconds", [None, "1", [1]])
def test_policy_that_returns_no_number_is_named(send: Send, seconds: object) -> None:
    with pytest.raises(UsageError, match=r"retries\.wait must return a number of seconds, not") as caught:
        send(scripted(ConnectFailed("x")), operation("GET"), Retries(wait=lambda _: seconds))  # type: ignore[arg-type,return-value]
    assert caught.value.operation == "thing"


class Bug(Exception): ...


@BOTH
@pytest.mark.parametrize("name", ["again", "wait"])
@pytest.mark.parametrize("error", [Bug("mine"), ConnectionRefusedError("mine"), TimeoutError("mine")])
def test_error_of_a_policy_passes_as_it_is(send: Send, name: str, error: Exception) -> None:
    def failing(_: FailedAttempt) -> float:
        raise error

    backend = scripted(ConnectFailed("x"), GOOD)
    with pytest.raises(type(error), match="mine") as caught:
        send(backend, operation("GET"), replace(NOW, **{name: failing}))
    assert caught.value is error
    assert isinstance(error.__context__, ConnectFailed)
    assert len(backend.requests) == 1


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ({"attempts": 0}, "retries.attempts must be at least 1"),
        ({"attempts": -(10**5000)}, "retries.attempts must be at least 1"),
        ({"attempts": True}, "retries.attempts must be a whole number, not bool"),
        ({"attempts": 2.0}, "retries.attempts must be a whole number, not float"),
        ({"attempts": "3"}, "retries.attempts must be a whole number, not str"),
        ({"attempts": None}, "retries.attempts must be a whole number, not NoneType"),
        ({"again": True}, "retries.again must be a function, not bool"),
        ({"wait": 5}, "retries.wait must be a function, not int"),
        ({"longest_wait": -1}, "retries.longest_wait must be 0 seconds or more"),
        ({"longest_wait": float("nan")}, "retries.longest_wait must be 0 seconds or more"),
        ({"longest_wait": "30"}, "retries.longest_wait must be a number of seconds, not str"),
        ({"longest_wait": None}, "retries.longest_wait must be a number of seconds, not NoneType"),
    ],
)
def test_policy_that_is_none_is_refused_by_name(options: dict[str, object], cause: str) -> None:
    with pytest.raises(UsageError) as caught:
        Retries(**options)  # type: ignore[arg-type]
    assert caught.value.message.startswith(cause)


# Uploads

IMPORT: Operation[object] = Operation(
    "PUT", "/import", id="import", result=object, media_type="application/octet-stream"
)


def test_timeout_of_a_retry_is_what_is_left() -> None:
    backend = scripted(ConnectFailed("x"), ConnectFailed("x"), GOOD)
    mail = Duck("http://mail.test", backend=backend, retries=Retries(wait=lambda _: 0.02), timeout=Timeout(total=5))
    mail.call(GET_USER, "x")
    first, second, third = (request.timeout for request in backend.requests)
    assert first - second >= 0.02
    assert second - third >= 0.02
    assert (
        max(request.deadline for request in backend.requests) - min(request.deadline for request in backend.requests)
        < 0.01
    )
