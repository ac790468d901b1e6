"""What a server says at length is cut before a person reads it."""

from __future__ import annotations

import pytest
from sample_api import (
    ONCE,
    CannedReply,
)
from test_runtime_watching import QUOTED, TOKEN, send_sync

from mailwright.runtime import (
    MailwrightError,
)
from mailwright.runtime.redaction import redacted, shortened


def test_message_of_millions_of_characters_is_cut() -> None:
    error = CannedReply(b'{"error":"' + b"a" * 60_000 + b'"}', 400)
    with pytest.raises(MailwrightError) as caught:
        send_sync(error, retries=ONCE)
    assert caught.value.message == "a" * 10_000 + "… (60,000 characters)"


@pytest.mark.parametrize("key", ["error", "message", "code", "details"])
@pytest.mark.parametrize("value", [b'"' + b"a" * 3_000_000 + b'"', b"[" + b"[]," * 1_000_000 + b"[]]"])
@pytest.mark.parametrize("status", [200, 500])
def test_envelope_of_millions_of_values_costs_nothing(key: str, value: bytes, status: int) -> None:
    import tracemalloc

    content = b'{"success":false,"' + key.encode() + b'":' + value + b"}"
    tracemalloc.start()
    try:
        with pytest.raises(MailwrightError) as caught:
            send_sync(CannedReply(content, status), retries=ONCE)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(str(caught.value)) < 500
    # What searches the brackets has copies of them.
    assert most < 5 * len(content)


@pytest.mark.parametrize("at", range(9_970, 10_040))
def test_cut_does_not_leave_half_of_a_secret(at: int) -> None:
    text = (TOKEN + " ") * 3 + "x" * (at - 3 * len(TOKEN) - 3) + QUOTED + "x" * 500
    shown = shortened(text, [TOKEN, "zz"])
    assert "tok" not in shown
    assert "%2F" not in shown
    assert len(shown) < 10_300


def test_short_text_is_only_redacted() -> None:
    for text in ("", "plain", f"a {TOKEN}", "x" * 10_000):
        assert shortened(text, [TOKEN]) == redacted(text, [TOKEN])
    assert shortened("x" * 10_051, []) == "x" * 10_000 + "… (10,051 characters)"
