"""Writes text of a document as docstrings that nothing in the text can end."""

from __future__ import annotations

from mailwright.codegen.methods import Method


def docstring(text: str, indent: str) -> str:
    """Writes a text as a docstring of one line; empty where there is no text."""
    return paragraphs([one_line(text)], indent)


def paragraphs(lines: list[str], indent: str) -> str:
    """Writes lines as a docstring; each keeps the blanks at its start."""
    clean = [line[: len(line) - len(line.lstrip(" "))] + one_line(line) for line in lines]
    safe = f"\n{indent}".join(clean).strip().replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    end = f"\n{indent}" if len(lines) > 1 or safe.endswith('"') else ""
    return f'"""{safe}{end}"""' if safe else ""


def method_docstring(method: Method, *, many: bool = False, whole: bool = False) -> str:
    """Writes what a method does, and what the arguments mean that its models do not describe."""
    told = [*method.at("query", "header"), *(a for a in method.at("body") if a.upload), *method.at("consent")]
    described = [a for a in told if a.description]
    lines = [method.summary]
    if ("unsafe", True) in method.options and method.http == "GET":
        lines += ["", "It changes something on the server, so it is never tried again."]
    if many:
        lines += [
            "",
            "One request for each, in order, and one outcome for each: what fails is told there, and not raised.",
        ]
    if whole:
        lines += ["", "It is for all there is: no item is sent."]
    if described:
        lines += ["", "Args:", *(f"    {a.name}: {one_line(a.description)}" for a in described)]
    if method.rpc and method.rpc.needs:
        names = [a.name for a in method.at("body") if a.wire in method.rpc.needs]
        lines += ["", f"Give at least one of {', '.join(f'`{name}`' for name in names)}."]
    model = method.bulk.attributes if method.bulk else method.body_model
    if model:
        lines += ["", f"`models.{model}` describes the fields."]
    return paragraphs(lines, "        ")


def one_line(text: str) -> str:
    """Joins the lines of a text, and puts blanks for characters that cannot be printed."""
    return " ".join("".join(c if c.isprintable() else " " for c in line) for line in text.strip().splitlines())
