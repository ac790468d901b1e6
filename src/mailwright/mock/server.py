"""The mock server of one document: a plain function from request to response, and what a test wants around it."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from math import inf
from typing import Any

from mailwright.mock import json_value
from mailwright.mock.access import Caller, allowed, presented, query_names
from mailwright.mock.actions import Actions
from mailwright.mock.arguments import Arguments, BadBody, read_arguments
from mailwright.mock.call import Answer, Call, Refused
from mailwright.mock.chance import Chance
from mailwright.mock.document import Operation, read_document
from mailwright.mock.faults import Fault, Faults, asked_for, spoil
from mailwright.mock.findings import drop_blanks, find
from mailwright.mock.journal import Journal
from mailwright.mock.json_value import Json, JsonObject, as_list, as_object
from mailwright.mock.live import Live
from mailwright.mock.message import Request, Response, is_json
from mailwright.mock.packs import Commands, load_pack
from mailwright.mock.router import Found, Router, WrongMethod
from mailwright.mock.state import State
from mailwright.mock.values import fill
from mailwright.problem import Problem


def now() -> datetime:
    """The time by the machine's clock, in UTC."""
    return datetime.now(UTC)


class Mock:
    """A mock server that lives in the process: `handle` answers, the rest looks behind it.

    The same `seed` gives the same ids and passwords; `clock` gives the time, in UTC. Without a `token` every caller is
    let in. `faults` go wrong on request; with `control` a `Prefer` header may ask for them too. `edition` is the one
    that the server passes for where there are several, such as `enterprise`. With `quirks` the mock has the faults of
    the real server as well, where it would otherwise spare its callers. Streams of events end after `stream_seconds`,
    with `end_streams` or `reset`, or when the client closes them. It is safe to share between threads.

    Raises:
        Problem: the document has no `x-mock`, or a wrong one.
    """

    def __init__(
        self,
        document: JsonObject,
        *,
        token: str | None = None,
        seed: int = 0,
        clock: Callable[[], datetime] = now,
        faults: Iterable[Fault] = (),
        control: bool = False,
        edition: str = "",
        quirks: bool = False,
        stream_seconds: float = inf,
    ) -> None:
        self._raw = document
        self._document = read_document(document)
        self._token = token
        self._seed = seed
        self._clock = clock
        self._control = control
        self._edition = edition
        self._quirks = quirks
        self._stream_seconds = stream_seconds
        self._streams: weakref.WeakSet[Live] = weakref.WeakSet()
        self._pack = load_pack(self._document.vocabulary.pack)
        self._actions = Actions(self._document.vocabulary, self._pack)
        self._faults = Faults(faults)
        self._lock = threading.RLock()
        self._router: Router[Operation] = Router()
        self._token_names = query_names(self._document.keys)
        for operation in self._document.operations:
            self._check_names(operation)
            self._router.add(operation.method, operation.path, operation)
        self._commands = {each.command: each for each in self._document.operations if each.command}
        headers = [key.name for key in self._document.keys.values() if key.place == "header"]
        self.journal = Journal(headers, self._document.secrets | self._token_names)
        self.state = self._new_state()

    def handle(self, request: Request) -> Response:
        """Answers one request; whatever is wrong with it is in the answer, in the API's own words."""
        with self._lock:
            moment = self._clock()
            path = self._below_base(request.path)
            path = path.rstrip("/") if self._pack.reads_bodies else path
            found = self._router.find(request.method, path, lambda operation: _takes(operation, request))
            operation = self._called(found.operation, request) if isinstance(found, Found) else ""
            fault = (asked_for(request) if self._control else None) or self._faults.next(operation)
            if fault is not None and fault.status:
                answer = self._pack.failure(fault.status)
            else:
                answer = self._answer(request, found, moment)
            response = self._response(answer)
            self.journal.add(request, response, operation, moment)
        self._tell()
        return response if fault is None else spoil(response, fault)

    def reset(self) -> None:
        """Forgets all records and the journal, and starts the seed and the faults anew."""
        with self._lock:
            self.state = self._new_state()
            self.journal.clear()
            self._faults.reset()
        self.end_streams()

    def end_streams(self) -> None:
        """Ends all streams of events that are open."""
        for each in tuple(self._streams):
            each.close()

    def populate(self, count: int) -> None:
        """Creates so many demo records, as the document's `populate` says, without a trace in the journal.

        Raises:
            Problem: the document does not say how, or its way of doing it is refused.
        """
        if self._pack.populate is not None:
            with self._lock:
                self._pack.populate(self.state, count, self._clock())
            return
        rule = self._document.vocabulary.populate
        if rule is None:
            raise Problem("this target has no demo records", remedy="leave --users out", exit_code=2)
        operation = next(each for each in self._document.operations if each.id == rule["operation"])
        with self._lock:
            for number in range(1, count + 1):
                content = json_value.write(_numbered(rule["body"], number))
                request = Request(operation.method, operation.path, (("content-type", "application/json"),), content)
                answer = self._carry_out(operation, {}, request, self._clock())
                body = as_object(answer.body) or {}
                if not body.get("success", True) or "error" in body:
                    raise Problem(f"demo record {number} is refused: {answer.body}", remedy="correct `populate`")
        self._tell()

    def totp_secret(self, user: str) -> str:
        """The one-time password seed of a user, set up or enabled, in base32, as an authenticator takes it.

        Raises:
            KeyError: nothing is set up for this user, or the API has no such thing.
        """
        with self._lock:
            seed = self._pack.totp_secret(self.state, user) if self._pack.totp_secret else None
        if seed is None:
            raise KeyError(f"no one-time password seed for {user!r}")
        return seed

    def deliver(self, address: str, message: bytes) -> int:
        """Puts a message into the inbox of the user who has this address, as mail that comes in; returns its id.

        Raises:
            KeyError: nobody has the address, or the API stores no messages.
        """
        with self._lock:
            if self._pack.deliver is None:
                raise KeyError("this API stores no messages")
            message_id = self._pack.deliver(self.state, address, message, self._clock())
        self._tell()
        return message_id

    def _new_state(self) -> State:
        vocabulary = self._document.vocabulary
        state = State(vocabulary.collections, Chance(self._seed, vocabulary.ids))
        if vocabulary.begins:
            moment = self._clock()
            for each in vocabulary.begins:
                state.add(each["in"], {}, moment, **fill(each["set"], {"now": moment}))
        return state

    def _answer(self, request: Request, found: Found[Operation] | WrongMethod | None, moment: datetime) -> Answer:
        if found is None:
            own = self._pack.own_document
            return (own and own(request.path, self._raw)) or self._pack.unknown_path(request.path)
        if isinstance(found, WrongMethod):
            return self._pack.wrong_method(request.method, found.allowed)
        if not self._readable(request):
            return self._pack.bad_body(BadBody("Invalid JSON: the body cannot be read"))
        if found.operation.command and self._pack.commands is not None:
            if not allowed(request, found.operation, self._document.keys, self._token):
                return self._pack.bad_token()
            commands = Commands(request.content, self._commands, partial(self._run, moment), self._quirks)
            return self._pack.commands(commands)
        return self._carry_out(found.operation, found.path, request, moment, check_token=True)

    def _below_base(self, path: str) -> str:
        """The path as operations have it; empty, which is no path of any, where it is not below the server's own."""
        base = self._document.base
        return path[len(base) :] if path.startswith(f"{base}/") else ""

    def _run(self, moment: datetime, operation: Operation, given: JsonObject) -> JsonObject:
        call = Call(operation, {}, given, self.state, moment, commands=self._commands)
        self._actions.perform(call)
        return call.made

    def _called(self, operation: Operation, request: Request) -> str:
        """The id of an operation; of commands that share a URL, that of the first one in the body."""
        if not operation.command:
            return operation.id
        try:
            first = json_value.read(request.content)[0][0]
        except (json_value.BadJson, TypeError, LookupError):
            return ""
        known = self._commands.get(first) if isinstance(first, str) else None
        return known.id if known else ""

    def _readable(self, request: Request) -> bool:
        return request.header("content-encoding") in (None, "", "identity")

    def _carry_out(
        self,
        operation: Operation,
        path: dict[str, str],
        request: Request,
        moment: datetime,
        *,
        check_token: bool = False,
    ) -> Answer:
        caller = self._caller(request, operation) if check_token else Caller()
        path = {name: caller.aliases.get(text, text) for name, text in path.items()} if caller else path
        try:
            if self._pack.reads_bodies:
                arguments = Arguments({**path}, {}, ())
            else:
                arguments = read_arguments(operation, path, request, self._token_names)
        except BadBody as error:
            return self._pack.bad_body(error)
        if caller is None:
            return self._pack.bad_token()
        drop_blanks(operation, arguments.given)
        judged = self._pack.reads_bodies
        if findings := [] if judged else find(operation, arguments, self._pack.formats):
            return self._pack.invalid(findings)
        upload = b"" if is_json(request.media_type) else request.content
        seen = request.header("last-event-id") or ""
        call = Call(
            operation,
            arguments.path,
            arguments.given,
            self.state,
            moment,
            upload,
            seen,
            commands=self._commands,
            kind=request.media_type,
            caller=caller,
            scheme=(request.header("authorization") or "").partition(" ")[0].lower(),
            edition=self._edition,
            request=request,
        )
        try:
            if self._pack.permit is not None:
                self._pack.permit(call)
            return self._actions.perform(call)
        except Refused as refused:
            return refused.answer

    def _caller(self, request: Request, operation: Operation) -> Caller | None:
        """Who calls; None for nobody that may."""
        if self._pack.admit is not None and operation.security:
            return self._pack.admit(self.state, presented(request, self._document.keys, operation.tokens), self._token)
        return Caller() if allowed(request, operation, self._document.keys, self._token) else None

    def _response(self, answer: Answer) -> Response:
        if answer.content is None:
            content = json_value.write(answer.body)
            media_type = "application/json" if answer.plain else self._pack.json_type
        else:
            content, media_type = answer.content, answer.media_type
        headers = [*self._pack.headers, *answer.headers]
        if media_type:
            headers.append(("content-type", media_type))
        if answer.more is not None:
            return Response(answer.status, tuple(headers), content, live=self._open(answer.more))
        if answer.status not in (204, 205):
            headers.append(("content-length", str(len(content))))
        return Response(answer.status, tuple(headers), content, cut=answer.cut)

    def _open(self, more: Callable[[], bytes]) -> Live:
        """Keeps a stream open: it may be read while other calls are answered."""

        def read() -> bytes:
            with self._lock:
                return more()

        live = Live(read, lasts=self._stream_seconds, idled=1)
        self._streams.add(live)
        return live

    def _tell(self) -> None:
        """Tells the streams that something may be new."""
        for each in tuple(self._streams):
            each.wake()

    def _check_names(self, operation: Operation) -> None:
        """Refuses hooks and formats that the pack does not have, before a request meets them."""
        plan = operation.plan
        hooks = {*plan.before, *plan.each, *plan.after, *([plan.target] if plan.action == "run" else [])}
        for kind, names, known in (
            ("hook", hooks, self._pack.hooks),
            ("format", set(plan.formats.values()), self._pack.formats),
        ):
            for name in sorted(names - set(known)):
                raise Problem(
                    f"the behaviour pack has no {kind} {name!r}",
                    place=f"{operation.id} x-mock",
                    remedy=f"it has: {', '.join(sorted(known))}",
                )


def _takes(operation: Operation, request: Request) -> bool:
    """Whether an operation is meant, of several with one path, by the media type of the body."""
    kind = request.media_type
    strange = kind != "application/x-www-form-urlencoded" and bool(kind) and not is_json(kind)
    return kind in operation.bodies or (operation.plan.any_body and strange)


def _numbered(template: Json, number: int) -> Any:
    if isinstance(template, str):
        return template.replace("{n}", str(number))
    if (items := as_list(template)) is not None:
        return [_numbered(item, number) for item in items]
    if (entries := as_object(template)) is not None:
        return {name: _numbered(item, number) for name, item in entries.items()}
    return template
