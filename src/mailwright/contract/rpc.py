"""Commands that share one URL: how a case becomes a tuple, and what rows mean in Python, by a reading of our own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from mailwright.contract.document import JSON, Document, Operation

TAG = "@the-tag@"
"""Stands in prepared answers for the tag that the client chooses."""

NO_ROWS: JSON = {"type": "array", "maxItems": 0, "items": {"type": "string"}}
_NUMBER = re.compile(r"[0-9]+")
_NONE = ("-", "")


class Unfit(Exception):
    """A body that is not that of one command, with the tag and the parameters that the client could send."""


@dataclass(frozen=True, slots=True)
class Rpc:
    """What the document says of a command; `void` where a success tells nothing."""

    command: str
    needs: tuple[str, ...]
    void: bool


def items_of(value: object) -> list[Any]:
    """Gives the items of a list; none of anything else."""
    return list(cast("list[object]", value)) if isinstance(value, list) else []


def read_rpc(raw: JSON) -> Rpc | None:
    """Reads the x-rpc of an operation; None for one that is no command."""
    found = raw.get("x-rpc")
    return found and Rpc(str(found["command"]), tuple(found.get("needs", ())), "rows" not in found)


def wrapped(rows: object) -> bytes:
    """Writes rows as the answer to a command whose tag is `TAG`."""
    return json.dumps([["doveadmResponse", rows, TAG]], ensure_ascii=False).encode()


def with_tags(content: bytes, known: tuple[str, ...], body: bytes) -> bytes:
    """Replaces the tags of a prepared answer, in their order, by those of a request."""
    try:
        sent = [str(each[2]) for each in json.loads(body)]
    except (ValueError, TypeError, LookupError):
        return content
    start = 0
    for old, new in zip(known, sent, strict=False):
        for text in {json.dumps(old), json.dumps(old, ensure_ascii=False)}:
            at = content.find(f"{text}]".encode(), start)
            if at >= 0:
                end = at + len(text.encode())
                content = content[:at] + json.dumps(new).encode() + content[end:]
                start = at + len(json.dumps(new))
                break
    return content


def parameters_of(rpc: Rpc, body: object) -> JSON:
    """Takes the parameters out of a body that the client could have sent, but for the tag.

    Raises:
        Unfit: it is another command, or several, or has what the client leaves out or refuses.
    """
    commands = [items_of(each) for each in items_of(body)]
    if len(commands) != 1 or len(commands[0]) != 3:
        raise Unfit("it is not one tuple of three")
    name, parameters, tag = commands[0]
    if name != rpc.command:
        raise Unfit(f"the command is {name!r}")
    if not isinstance(parameters, dict) or not isinstance(tag, str) or not tag:
        raise Unfit("the parameters are no object, or the tag no text")
    given = cast("JSON", parameters)
    if given != sent_of(given):
        raise Unfit("null and false are never sent")
    if refused(rpc, given):
        raise Unfit("the client refuses it")
    return given


def command_of(body: object) -> str:
    """Gives the name of the first command in a body as the document has it: `mailbox list` is `mailboxList`."""
    commands = items_of(body)
    first = items_of(commands[0]) if commands else []
    words = re.split("[ -]", str(first[0])) if first else [""]
    return "".join([words[0], *(word[:1].upper() + word[1:] for word in words[1:])])


def sent_of(parameters: JSON) -> JSON:
    """Leaves out what a client does not send: null, and false, which Dovecot 2.3 takes for true."""
    return {name: value for name, value in parameters.items() if value is not None and value is not False}


def refused(rpc: Rpc, parameters: object) -> bool:
    """Says whether a client refuses parameters at which the server would only end the connection."""
    given = sent_of(cast("JSON", parameters)) if isinstance(parameters, dict) else {}
    lacks = bool(rpc.needs) and not any(name in given for name in rpc.needs)
    return lacks or any(value == [] for value in given.values())


def rows_of(body: object) -> Any:
    """Takes the rows out of a whole answer; those of a malformed one, which has several parts, in one list."""
    parts = items_of(items_of(body)[0])[1:-1]
    if len(parts) == 1:
        return parts[0]
    return [row for part in parts for row in (cast("list[object]", part) if isinstance(part, list) else [part])]


def in_python(document: Document, schema: JSON, value: Any) -> Any:
    """Gives rows as a client should give them: texts that stand for numbers as these, and None where there is none."""
    resolved = document.resolve(schema)
    if "x-number" in resolved and isinstance(value, str):
        if value in _NONE:
            return None
        return int(value) if resolved["x-number"] == "integer" and _NUMBER.fullmatch(value) else value
    if isinstance(value, list):
        items = resolved.get("items", {})
        return [in_python(document, items, item) for item in cast("list[object]", value)]
    if isinstance(value, dict):
        properties = resolved.get("properties", {})
        given = cast("JSON", value)
        return {name: in_python(document, properties.get(name, {}), item) for name, item in given.items()}
    return value


def flat(document: Document, schema: JSON, value: Any) -> Any:
    """Puts the columns that a client keeps apart back among the others."""
    resolved = document.resolve(schema)
    if isinstance(value, list):
        return [flat(document, resolved.get("items", {}), item) for item in cast("list[object]", value)]
    if isinstance(value, dict) and "x-rest" in resolved:
        row = dict(cast("JSON", value))
        return {**cast("JSON", row.pop(str(resolved["x-rest"]), {})), **row}
    return cast("object", value)


def mismatch(operation: Operation, case: JSON, body: object) -> Iterator[tuple[str, object, object]]:
    """Yields what of a body that was sent is not the command, as part, wanted and got; parameters are not looked at."""
    rpc = operation.rpc
    assert rpc is not None
    tuples = items_of(body)
    one = items_of(tuples[0]) if len(tuples) == 1 else []
    if len(one) != 3:
        yield "body", f'[["{rpc.command}", …, tag]]', body
        return
    if one[0] != rpc.command:
        yield "command", rpc.command, one[0]
    if not isinstance(one[2], str) or not one[2]:
        yield "tag", "a text", one[2]
    if refused(rpc, case.get("body")):
        yield "parameters", "a refusal", one[1]
