"""Shows each attempt to hooks, to the log `mailwright`, and to OpenTelemetry where it is installed."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mailwright.runtime.attempt import Attempt
from mailwright.runtime.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

LOG = logging.getLogger("mailwright")


class Watch:
    """Watches one attempt from before it is sent until it has ended."""

    def __init__(self, attempt: Attempt, settings: Settings) -> None:
        self._attempt = attempt
        self._before_send, self._after_response = settings.before_send, settings.after_response
        self._span = _start_span(attempt, settings.base_url)

    def begin(self) -> None:
        """Shows the attempt to the hook that may still add headers."""
        if self._before_send is not None:
            self._before_send(self._attempt)

    def end(self, pause: float | None = None) -> None:
        """Tells how the attempt went; `pause` is in seconds, when another attempt follows."""
        self._attempt.end()
        _log(self._attempt, pause)
        if self._span is not None:
            _end_span(self._span, self._attempt)
        if self._after_response is not None:
            self._after_response(self._attempt)


def _log(attempt: Attempt, pause: float | None) -> None:
    if not LOG.isEnabledFor(logging.DEBUG if pause is None else logging.INFO):
        return
    call = f"{attempt.operation}: {attempt.method} {attempt.url}"
    milliseconds = attempt.elapsed * 1000
    if attempt.status is None and attempt.error is None:
        LOG.debug("%s: given up after %.0f ms", call, milliseconds)
        return
    if attempt.error is None:
        size = "a stream" if attempt.size is None else f"{attempt.size} bytes"
        LOG.debug("%s: %s, %s in %.0f ms", call, attempt.status, size, milliseconds)
        return
    # The error's own text has been cleaned of secrets; its context would say the call twice. A server could forge
    # a record of the log with a line of its own.
    what = f"{type(attempt.error).__name__}: {attempt.error.message}".replace("\n", "\\n")
    if pause is None:
        LOG.debug("%s: %s (attempt %d, %.0f ms)", call, what, attempt.number, milliseconds)
    else:
        LOG.info("%s: %s (attempt %d, %.0f ms); again in %.2f s", call, what, attempt.number, milliseconds, pause)


@cache
def _tracer() -> Tracer | None:
    try:
        from opentelemetry import trace
    except ImportError:
        return None
    return trace.get_tracer("mailwright")


def _start_span(attempt: Attempt, base_url: str) -> Span | None:
    tracer = _tracer()
    if tracer is None:
        return None
    from opentelemetry.trace import SpanKind

    # Not of the attempt's own URL, which may have stars where its port was; redirects stay on the server.
    parts = urlsplit(base_url)
    attributes: dict[str, str | int] = {
        "http.request.method": attempt.method,
        "mailwright.operation": attempt.operation,
        "url.full": attempt.url,
        "url.template": attempt.path,
        "server.address": parts.hostname or "",
        "server.port": parts.port or (443 if parts.scheme == "https" else 80),
    }
    if attempt.number > 1:
        attributes["http.request.resend_count"] = attempt.number - 1
    return tracer.start_span(f"{attempt.method} {attempt.path}", kind=SpanKind.CLIENT, attributes=attributes)


def _end_span(span: Span, attempt: Attempt) -> None:
    if attempt.status is not None:
        span.set_attribute("http.response.status_code", attempt.status)
    if attempt.error is not None:
        from opentelemetry.trace import StatusCode

        span.set_attribute("error.type", type(attempt.error).__name__)
        span.set_status(StatusCode.ERROR)
    span.end()
