"""Asks a running server for one path, and says in plain words why there is no answer."""

from __future__ import annotations

from mailwright.problem import Problem
from mailwright.runtime import Backend, ConnectFailed, Limits, MailwrightError, Reply, Request, StreamedReply
from mailwright.runtime.receiving import closing, received

TOKEN_VARIABLE = "MAILWRIGHT_ACCESS_TOKEN"  # noqa: S105 (the name of a variable)
USER_VARIABLE = "MAILWRIGHT_USERNAME"
REFUSED = {401, 403}
_TIMEOUT = 30.0


def ask(
    backend: Backend, url: str, path: str, headers: tuple[tuple[str, str], ...]
) -> tuple[Reply | StreamedReply, bytes]:
    """Returns the answer of a server to GET of a path below its URL, and its whole content.

    Raises:
        Problem: the server is down, or what comes is no answer of HTTP.
    """
    own = (("Accept", "application/json"), ("Accept-Encoding", "identity"))
    request = Request("GET", f"{url.rstrip('/')}{path}", (*own, *headers), None, _TIMEOUT)
    try:
        reply = backend.send(request)
        with closing(reply):
            return reply, received(reply, request, Limits())
    except ConnectFailed as error:
        cause, remedy = f"no server answers here: {error.message}", "start it, or check the URL"
    except MailwrightError as error:
        cause, remedy = f"the server gave no answer: {error.message}", "look into its log"
    raise Problem(cause, place=url, remedy=remedy)


def refusal(url: str, path: str, status: int, token: str) -> Problem:
    """Returns what to tell where a server refuses the token, or the call without one."""
    kind = "the token" if token else "a call without a token"
    return Problem(
        f"the server refuses {kind}: GET {path} is answered with status {status}",
        place=url,
        remedy=f"put the right one in the environment as {TOKEN_VARIABLE}",
    )
