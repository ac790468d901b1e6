"""Connections that are kept, and what has become of them when the next call wants one."""

from __future__ import annotations

from answers import DONE, GOOD, JSON, OK, THING, answer, body, http
from cell import Cell, at_once, create, delete, get, raises, replace, take, value
from checks import sent_on
from steps import CLOSE, HALF_CLOSE, RESET, Pause

from mailwright.runtime import Disconnected

BODY = body(THING)
EVIL = answer({"success": True, "id": "666", "name": "evil"})
BEFORE = [get("first")]
BROKEN = raises(Disconnected, attempts=1, sent=True)

KEPT = [
    Cell(name="one connection is enough", answers=[GOOD], before=BEFORE * 3, wants=value(THING), check=sent_on(0)),
    Cell(
        name="an answer of HTTP/1.0 that is kept alive",
        answers=[GOOD.replace(b"1.1", b"1.0").replace(b"Con", b"Connection: keep-alive\r\nCon", 1)],
        before=BEFORE,
        wants=value(THING),
        requests=1,
    ),
]

# The call before went well; then the server did this to the connection, and the judged call must use another one.
DROPPED = [
    Cell(name=what, answers=[first, GOOD], before=BEFORE, wants=value(THING), requests=1, check=sent_on(1))
    for what, first in {
        "closed after the answer": [GOOD, CLOSE],
        "reset after the answer": [GOOD, RESET],
        "half closed after the answer": [GOOD, HALF_CLOSE],
        "announced to be closed, and closed": [answer(headers=b"Connection: close\r\n"), CLOSE],
        "announced to be closed, but left open": answer(headers=b"Connection: close\r\n"),
        "announced in capitals to be closed, but left open": answer(headers=b"CONNECTION: CLOSE\r\n"),
        "announced among others to be closed, but left open": answer(headers=b"Connection: x-odd, close\r\n"),
        "an answer of HTTP/1.0, left open": GOOD.replace(b"HTTP/1.1", b"HTTP/1.0"),
        "a body until the connection ends": [OK + JSON + b"\r\n" + BODY, CLOSE],
        "408 after a while, and closed": [GOOD, http(b"", status="408 Request Timeout"), CLOSE],
        "another answer nobody asked for": GOOD + EVIL,
        "half of another answer nobody asked for": GOOD + EVIL[:60],
        "bytes after the body": GOOD + b"more",
        "a line after the body": GOOD + b"\r\n",
        "another answer nobody asked for, a moment later": [GOOD, Pause(0.05), EVIL],
    }.items()
]

# The server ends the connection only when the next request has come on it.
LATE = [
    Cell(
        name=f"{how} when the next request comes",
        answers=[GOOD, end, GOOD],
        before=BEFORE,
        wants=BROKEN,
        requests=1,
        check=sent_on(0),
    )
    for how, end in (("closed", CLOSE), ("reset", RESET))
]
LATE += [
    Cell(
        name=f"{name}: {how} when the next request comes, then good",
        answers=[GOOD, end, answer(gives)],
        before=BEFORE,
        call=call,
        retries=at_once(),
        wants=value(gives),
        requests=2,
        check=sent_on(0, 1),
    )
    for name, call, gives in (("get", get(), THING), ("replace", replace(), DONE), ("delete", delete(), DONE))
    for how, end in (("closed", CLOSE), ("reset", RESET))
]
LATE += [
    Cell(
        name=f"{name}: {how} when the next request comes, is not tried again",
        answers=[GOOD, end, GOOD],
        before=BEFORE,
        call=call,
        retries=at_once(),
        wants=BROKEN,
        requests=1,
        check=sent_on(0),
    )
    for name, call in (("create", create()), ("take", take()))
    for how, end in (("closed", CLOSE), ("reset", RESET))
]

CELLS = [*KEPT, *DROPPED, *LATE]
