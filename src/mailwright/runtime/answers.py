"""Judges an answer before its value is read: redirects, what is not JSON, errors by status and by dialect."""

from __future__ import annotations

from collections.abc import Sequence

from mailwright.runtime.dialects import Dialect, Failure, KnowsOtherVersions, kind_of_status
from mailwright.runtime.errors import ResponseInvalid
from mailwright.runtime.response import header_of, media_type_of
from mailwright.runtime.url import origin_and_path


def check_answer(
    dialect: Dialect,
    status: int,
    headers: Sequence[tuple[str, str]],
    content: bytes,
    *,
    empty: bool = False,
    bare: bool = False,
) -> None:
    """Returns when the answer is a success as far as its envelope tells; with `empty` one without a body is.

    With `bare` an answer that has no envelope is a success, too; whether it fits is for its decoder to say.

    Raises the `APIError` the server means, or `ResponseInvalid` for a redirect and for what is not this API's JSON.
    """
    if is_redirect(status):
        raise ResponseInvalid(_redirect(headers), content=content)
    if status < 200:
        raise ResponseInvalid(f"the server answered with status {status}, which ends no request", content=content)
    if empty and status < 300 and not content.strip():
        return
    flaw = _not_json(headers, content)
    if flaw and status < 400 and isinstance(dialect, KnowsOtherVersions):
        flaw = dialect.foreign(media_type_of(headers)) or flaw
    if flaw and status < 400:
        meaning = "" if content.strip() else dialect.empty_answer
        raise ResponseInvalid(f"{flaw}; {meaning}" if meaning else flaw, content=content)
    if flaw:
        raise dialect.refusal(status, headers, content, flaw).error(content)
    failure = _told(dialect, status, headers, content, bare=bare)
    if failure is not None:
        raise failure.error(content)


def is_redirect(status: int) -> bool:
    """Returns whether the status sends the client elsewhere."""
    return 300 <= status < 400


def _told(
    dialect: Dialect, status: int, headers: Sequence[tuple[str, str]], content: bytes, *, bare: bool
) -> Failure | None:
    try:
        failure = dialect.failure(status, headers, content)
    except ResponseInvalid as invalid:
        # An error stays an error when its explanation cannot be read.
        if status < 400:
            if bare:
                return None
            raise
        flaw = f"the server answered with status {status}, and {invalid.message}"
        return dialect.refusal(status, headers, content, flaw)
    if failure is None and status >= 400:
        return Failure(kind_of_status(status), f"the server answered with status {status}, but says it went well")
    return failure


def _not_json(headers: Sequence[tuple[str, str]], content: bytes) -> str:
    if not content.strip():
        return "the server answered with an empty body where JSON is due"
    media_type = media_type_of(headers)
    start = content[:64].lstrip().lower()
    if media_type in ("text/html", "application/xhtml+xml") or start.startswith((b"<!doctype", b"<html")):
        return "the server answered HTML, not JSON; is this URL the API?"
    if media_type and not is_json(media_type):
        return f"the server answered {media_type}, not JSON"
    return ""


def is_json(media_type: str) -> bool:
    """Returns whether a media type is one of JSON's."""
    return media_type in ("application/json", "text/json") or media_type.endswith("+json")


def _redirect(headers: Sequence[tuple[str, str]]) -> str:
    target = origin_and_path(header_of(headers, "location") or "") or "nowhere"
    return f"the server redirects to {target}, which is not followed; if that is the API, make it the base_url"
