"""How WildDuck 1.0.x says that something is wrong.

Its framework answers with `code` and `message` and a status of its own; its own code answers with `error`, sometimes
`code`, nearly always at 200. Arguments are refused in one sentence, all of them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from mailwright.mock.arguments import BadBody
from mailwright.mock.call import Answer
from mailwright.mock.findings import Finding
from mailwright.mock.json_value import Json, as_list

_FRAMEWORK_CODES = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "ResourceNotFound",
    405: "MethodNotAllowed",
    409: "Conflict",
    429: "TooManyRequests",
    500: "InternalServer",
    503: "ServiceUnavailable",
}
_TYPES = {
    "string": "must be a string",
    "integer": "must be a number",
    "number": "must be a number",
    "boolean": "must be a boolean",
    "array": "must be an array",
    "object": "must be an object",
}


def unknown_path(path: str) -> Answer:
    """No route has this path."""
    return framework(404, "ResourceNotFound", f"{path} does not exist")


def wrong_method(method: str, allowed: Sequence[str]) -> Answer:
    """The path has other methods."""
    answer = framework(405, "MethodNotAllowed", f"{method} is not allowed")
    return Answer(answer.body, answer.status, (("allow", ", ".join(allowed)),), plain=True)


def bad_body(error: BadBody) -> Answer:
    """The body cannot be read."""
    return framework(400, "InvalidContent", str(error))


def bad_token() -> Answer:
    """The access token is absent or wrong; this failure has no code."""
    return Answer({"error": "Invalid accessToken value"}, 403)


def failure(status: int) -> Answer:
    """A failure of the framework with this status; below 400 something of the application's own."""
    if status < 400:
        return Answer({"error": f"Something failed with status {status}", "code": "InternalServer"}, status)
    return framework(status, _FRAMEWORK_CODES.get(status, "InternalServer"), f"The mock was told to answer {status}")


def invalid(findings: Sequence[Finding]) -> Answer:
    """Arguments that are refused: a sentence for each, known ones before unknown ones."""
    sentences: list[str] = []
    for name, group in groupby(findings, key=lambda each: (each.name, each.kind == "unknown")):
        texts = [text for each in group for text in _texts(each)]
        if name[1]:
            sentences.extend(texts)
        else:
            sentences.append(f'child "{name[0]}" fails because [{", ".join(texts)}]')
    return Answer({"error": ". ".join(sentences), "code": "InputValidationError"})


def framework(status: int, code: str, message: str) -> Answer:
    """A failure in the words of the framework."""
    return Answer({"code": code, "message": message}, status, plain=True)


def _texts(finding: Finding) -> list[str]:
    if finding.kind == "text":
        return [str(finding.facts["text"])]
    text = _phrase(finding.kind, finding.value, finding)
    if finding.path:
        # A value inside an array is told by its position, inside the sentence of the array.
        place = finding.path[-1]
        return [f'"{finding.name}" at position {place} fails because ["{place}" {text}]']
    return [f'"{finding.name}" {text}']


def _phrase(kind: str, value: Json, finding: Finding) -> str:
    facts = finding.facts
    limit = facts.get("limit")
    match kind:
        case "required":
            return "is required"
        case "unknown":
            return "is not allowed"
        case "empty":
            return "is not allowed to be empty"
        case "type":
            return _type(list(facts["types"]), value)
        case "minimum":
            return f"must be larger than or equal to {limit}"
        case "maximum":
            return f"must be less than or equal to {limit}"
        case "minLength":
            return f"length must be at least {limit} characters long" if value else "is not allowed to be empty"
        case "maxLength":
            return f"length must be less than or equal to {limit} characters long"
        case "minItems":
            return f"must contain at least {limit} items"
        case "maxItems":
            return f"must contain less than or equal to {limit} items"
        case "uniqueItems":
            items = as_list(value) or []
            double = next((place for place, item in enumerate(items) if item in items[:place]), 0)
            return f"position {double} contains a duplicate value"
        case "enum":
            return f"must be one of [{', '.join(map(str, facts['options']))}]"
        case "const":
            return f"must be one of [{facts['expected_value']}]"
        case "pattern":
            return f'with value "{value}" fails to match the required pattern: /{facts["pattern"]}/'
        case _:
            return "is invalid"


def _type(types: Sequence[str], value: Json) -> str:
    kind = next((each for each in types if each != "null"), "object")
    if kind == "integer" and isinstance(value, float):
        return "must be an integer"
    return _TYPES[kind]
