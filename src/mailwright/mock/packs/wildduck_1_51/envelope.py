"""How WildDuck 1.51 says that something is wrong.

Its framework answers with `code` and `message`; its own code with `error`, nearly always `code`, and a status that
fits. Arguments are refused all together, in one text and again one by one in `details`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailwright.mock.arguments import BadBody
from mailwright.mock.call import Answer
from mailwright.mock.findings import Finding
from mailwright.mock.json_value import Json, as_list
from mailwright.mock.packs.wildduck.envelope import framework

LABELS = {
    "sess": "Session identifier",
    "ip": "Client IP",
    "filterip": "Client IP",
    "next": "Next page cursor",
    "previous": "Previous page cursor",
    "datestart": "Start time",
    "dateend": "End time",
    "servername": "ServerName",
}
"""What arguments are called in texts where that is not their name."""

_TYPES = {
    "string": "must be a string",
    "integer": "must be a number",
    "number": "must be a number",
    "boolean": "must be a boolean",
    "array": "must be an array",
    "object": "must be of type object",
}


def bad_body(error: BadBody) -> Answer:
    """The body is no JSON, or JSON that is no object."""
    if error.value is not None:
        text = '"value" must be of type object'
        return Answer({"error": text, "code": "InputValidationError", "details": {"": text}}, 400)
    return framework(400, "InvalidContent", error.modern)


def bad_token() -> Answer:
    """The access token is absent or wrong."""
    return framework(403, "InvalidToken", "Invalid accessToken value")


def invalid(findings: Sequence[Finding]) -> Answer:
    """Arguments that are refused: all texts, and the first one about each value."""
    texts: list[str] = []
    details: dict[str, str] = {}
    for finding in findings:
        text = _text(finding)
        texts.append(text)
        details.setdefault(_key(finding, text), text)
    return Answer({"error": ". ".join(texts), "code": "InputValidationError", "details": details}, 400)


def labelled(name: str, path: Sequence[str | int] = ()) -> str:
    """The name of a value in a text, in quotes."""
    below = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return f'"{LABELS.get(name, name)}{below}"'


def _text(finding: Finding) -> str:
    if finding.kind == "text":
        return str(finding.facts["text"])
    if finding.kind == "additionalProperties":
        strange = [labelled(finding.name, [*finding.path, each]) for each in finding.facts["unexpected"]]
        return ". ".join(f"{each} is not allowed" for each in strange)
    return f"{labelled(finding.name, finding.path)} {_phrase(finding)}"


def _key(finding: Finding, text: str) -> str:
    quoted = re.match(r'"([^"]+)"', text)
    label = quoted[1] if quoted else finding.name
    if not label.startswith(finding.name):
        return ",".join(map(str, (finding.name, *finding.path)))
    return ",".join([finding.name, *re.findall(r"[^.\[\]]+", label.removeprefix(finding.name))])


def _phrase(finding: Finding) -> str:
    facts, value = finding.facts, finding.value
    limit = facts.get("limit")
    match finding.kind:
        case "required":
            return "is required"
        case "unknown":
            return "is not allowed"
        case "empty":
            return "is not allowed to be empty"
        case "type":
            return _type(list(facts["types"]))
        case "minimum":
            return f"must be greater than or equal to {limit}"
        case "maximum":
            return f"must be less than or equal to {limit}"
        case "minLength":
            return f"length must be at least {limit} characters long" if value else "is not allowed to be empty"
        case "maxLength":
            return f"length must be less than or equal to {limit} characters long"
        case "minItems":
            return "does not contain 1 required value(s)"
        case "maxItems":
            return f"must contain less than or equal to {limit} items"
        case "uniqueItems":
            return "contains a duplicate value" if _doubles(value) else "is invalid"
        case "enum":
            return f"must be one of [{', '.join(map(str, facts['options']))}]"
        case "const":
            return f"must be [{str(facts['expected_value']).lower()}]"
        case "pattern" if "targets" in (finding.name, *finding.path):
            return "does not match any of the allowed types"
        case "pattern":
            return f'with value "{value}" fails to match the required pattern: /{facts["pattern"]}/'
        case _:
            return "is invalid"


def _type(types: Sequence[str]) -> str:
    return _TYPES[next((each for each in types if each != "null"), "object")]


def _doubles(value: Json) -> bool:
    items = as_list(value) or []
    return any(item in items[:place] for place, item in enumerate(items))
