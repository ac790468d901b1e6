"""Runs SecantusDB with the two things that WildDuck needs and it lacks; arguments are those of SecantusDB.

It knows the old command name `findandmodify` but then looks for the collection under the new one. It has no text
indexes, so that `$text` becomes regular expressions on the fields of WildDuck's text index: any of the words has to be
there, each phrase in quotes, and no word with a minus. That is MongoDB's search without stemming and stop words.
"""

from __future__ import annotations

import re
import sys
from typing import Any

import secantus.server
from secantus.cli import main

TEXT_FIELDS = ("text", "headers.value")
_TERM = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
_answer = secantus.server.dispatch


def dispatch(command: dict[str, Any], context: Any) -> Any:
    named = {"findAndModify" if key == "findandmodify" else key: value for key, value in command.items()}
    for part in ("filter", "query", "pipeline"):
        if part in named:
            named[part] = without_text(named[part])
    return _answer(named, context)


def without_text(condition: Any) -> Any:
    """Returns a condition in which every `$text` is told in other words."""
    if isinstance(condition, list):
        return [without_text(each) for each in condition]
    if not isinstance(condition, dict):
        return condition
    kept = {key: without_text(value) for key, value in condition.items() if key != "$text"}
    if "$text" not in condition:
        return kept
    return {"$and": [kept, *words(str(condition["$text"]["$search"]))]}


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
