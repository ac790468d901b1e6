"""How long a stream waits between two connections, and which of them it takes for good ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from event_readers import (
    ENOUGH,
    ONE,
    TWO,
    duck,
    in_plain_loop,
    uids,
)
from stream_samples import (
    STREAM_UPDATES,
    Piece,
    streams,
)

from mailwright.runtime import event_course
from mailwright.runtime.errors import (
    ConnectFailed,
    Disconnected,
)


class Clock:
    """Stands in for the `time` module."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    clock = Clock()
    monkeypatch.setattr(event_course, "time", clock)
    return clock


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.parametrize(("piece", "good"), [(b": idling 60\n", True), (b"", False)])
def test_connection_heard_of_after_a_minute_counts_as_good(clock: Clock, piece: bytes, good: bool) -> None:
    def a_minute_goes_by() -> None:
        clock.now += 61

    lasting: list[Piece] = [a_minute_goes_by, piece]
    backend = streams(ONE, *[[*lasting] if piece else lasting[:1]] * 4, TWO, ENOUGH)
    if good:
        assert uids(in_plain_loop(backend, reconnects=3)) == [1, 2]
    else:
        with pytest.raises(Disconnected, match="3 times"):
            in_plain_loop(backend, reconnects=3)


def pauses(monkeypatch: pytest.MonkeyPatch, *answers: bytes | Exception) -> list[float]:
    """Returns how long the stream waits after each connection, the first of which gives an event."""
    waited: list[float] = []
    stream = duck(streams(*answers, ENOUGH)).updates("u")
    monkeypatch.setattr(stream._closed, "wait", waited.append)
    list(stream)
    return waited


def test_pause_is_a_second_and_doubles_while_nothing_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    waited = pauses(monkeypatch, ONE, b"", b"", ConnectFailed("refused"), b": hi\n\n", TWO)
    for found, least in zip(waited, [1, 1, 2, 4, 8, 1], strict=True):
        assert least <= found <= least * 1.25


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        (b"2500", 2.5, 3.125),
        (b"0", 0.1, 0.125),
        (b"29000", 29, 30),
        (b"86400000", 30, 30),
        (b"9" * 5000, 30, 30),
        (b"soon", 1, 1.25),
    ],
)
def test_pause_is_what_the_server_asks_for_within_bounds(
    monkeypatch: pytest.MonkeyPatch, asked: bytes, least: float, most: float
) -> None:
    for found in pauses(monkeypatch, b"retry: " + asked + b"\n" + ONE, TWO):
        assert least <= found <= most


def test_pause_stays_bounded_over_very_many_connections() -> None:
    course = duck(streams(ONE)).updates("u")._course
    opened = duck(streams(ONE)).open(STREAM_UPDATES, "u")
    course.connected(opened)
    course.reconnects = 5000
    assert max(course.pause(None) for _ in range(4999)) == 30.0
    opened.close()
