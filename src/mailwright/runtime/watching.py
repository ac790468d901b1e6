"""Shows each attempt to hooks, to the log `mailwright`, and to OpenTelemetry where it is installed."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mailwright.runtime.attempt import Attempt, Hook

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

LOG = logging.getLogger("mailwright")


class Watch:
    """Watches one attempt from before it is sent until it has ended."""

    def __init__(self, attempt: Attempt, before_send: Hook | None, after_response: Hook | None) -> None:
        self._attempt = attempt
        self._after_response = after_response
        self._span = _start_span(attempt)
        if before_send is not None:
            before_send(attempt)

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
        LOG.debug("%s: %s, %s bytes in %.0f ms", call, attempt.status, attempt.size, milliseconds)
        return
    # The error's own text has been cleaned of secrets; its context would say the call twice.
    what = f"{type(attempt.error).__name__}: {attempt.error.message}"
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


def _start_span(attempt: Attempt) -> Span | None:
    tracer = _tracer()
    if tracer is None:
        return None
    from opentelemetry.trace import SpanKind

    parts = urlsplit(attempt.url)
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
