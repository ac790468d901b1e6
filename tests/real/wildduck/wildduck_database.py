"""Runs SecantusDB and makes up for what WildDuck needs and it lacks; arguments are those of SecantusDB.

- It knows the old command name `findandmodify` but then looks for the collection under the new one.
- `$lte` leaves out what is equal to the bound where it uses an index with more fields behind. So it is told `$lt` of
  what comes next.
- It has no text indexes: `$text` becomes regular expressions on the fields of WildDuck's text index. Any of the words
  has to be there, each phrase in quotes, and no word with a minus: MongoDB's search without stemming and stop words.
"""

from __future__ import annotations

import re
import sys
from datetime import datetime, timedelta
from typing import Any

import secantus.server
from bson import Int64, ObjectId
from secantus.cli import main

TEXT_FIELDS = ("text", "headers.value")
_TERM = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
_answer = secantus.server.dispatch


def dispatch(command: dict[str, Any], context: Any) -> Any:
    """Answers a command after its conditions were told in other words."""
    told = {"findAndModify" if key == "findandmodify" else key: value for key, value in command.items()}
    for part in ("filter", "query"):
        if part in told:
            told[part] = in_other_words(told[part])
    if isinstance(told.get("pipeline"), list):
        told["pipeline"] = [_with(stage, "$match") for stage in told["pipeline"]]
    for part in ("updates", "deletes"):
        if part in told:
            told[part] = [_with(each, "q") for each in told[part]]
    return _answer(told, context)


def _with(document: dict[str, Any], key: str) -> dict[str, Any]:
    return {**document, key: in_other_words(document[key])} if key in document else document


def in_other_words(condition: Any) -> Any:
    """Returns a condition that means the same without `$text` and `$lte`."""
    if isinstance(condition, list):
        return [in_other_words(each) for each in condition]
    if not isinstance(condition, dict):
        return condition
    kept = {}
    for key, value in condition.items():
        if key == "$lte" and (following := _next(value)) is not None:
            kept["$lt"] = following
        elif key != "$text":
            kept[key] = in_other_words(value)
    if "$text" not in condition:
        return kept
    return {"$and": [kept, *words(str(condition["$text"]["$search"]))]}


def _next(value: Any) -> Any:
    """Returns the next value of the same kind: numbers here are whole, and times have milliseconds."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Int64(value + 1)
    if isinstance(value, datetime):
        return value + timedelta(milliseconds=1)
    if isinstance(value, ObjectId):
        return ObjectId(f"{int(str(value), 16) + 1:024x}")
    return None


def words(search: str) -> list[dict[str, Any]]:
    """Returns the conditions that a search for words stands for."""
    phrases, single, absent = [], [], []
    for minus, phrase, word in _TERM.findall(search):
        if term := (phrase or word).strip():
            (absent if minus else phrases if phrase else single).append(contains(term))
    wanted = [*phrases, *([{"$or": single}] if single and not phrases else []), *([{"$nor": absent}] if absent else [])]
    return wanted or [{"_id": None}]


def contains(term: str) -> dict[str, Any]:
    pattern = {"$regex": rf"(^|\W){re.escape(term)}(\W|$)", "$options": "i"}
    return {"$or": [{field: pattern} for field in TEXT_FIELDS]}


if __name__ == "__main__":
    secantus.server.dispatch = dispatch
    sys.exit(main())
