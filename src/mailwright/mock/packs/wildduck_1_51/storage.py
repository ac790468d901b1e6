"""Files that a user keeps, to attach them to messages."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping

from mailwright.mock.call import Answer, Call, Refused
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck_1_51.compose import file_content
from mailwright.mock.packs.wildduck_1_51.refusals import invalid_value

_OCTETS = "application/octet-stream"


def prepare_file(call: Call) -> None:
    """Reads a file that is the body itself, or a field of it."""
    given = call.given
    if "content" in given:
        content, kind = file_content({"encoding": "utf8", **given}), given.get("contentType")
    elif call.upload and call.kind != _OCTETS:
        content, kind = call.upload, given.get("contentType") or (call.kind if "/" in call.kind else "")
        kind = None if kind == "application/binary" else kind
    else:
        # A body that is called bytes and nothing more is taken for none (1.51-rest n=1137).
        raise invalid_value('"content" is required', "content")
    name = given.get("filename") or ""
    kind = kind or mimetypes.guess_type(name)[0] or _OCTETS
    if not name:
        ending = "bin" if kind == _OCTETS else (mimetypes.guess_extension(kind) or ".bin")[1:]
        name = f"upload-{call.now:%Y-%m-%d}.{ending}"
    given.update(filename=name, contentType=kind, content=content, size=len(content))


def choose_files(call: Call) -> None:
    """Finds files by a part of their name, as it is written."""
    query = call.given.get("query")
    if query is not None:
        found = call.state.all("files", user=call.path["user"])
        call.given["chosen"] = [each["id"] for each in found if query in each["filename"]]


def download_file(call: Call) -> None:
    """Gives a file as it was kept."""
    record = call.state.first("files", user=call.path["user"], id=call.path["file"])
    if record is None:
        raise Refused({"error": "This file does not exist", "code": "FileNotFound"}, status=404)
    call.answer = Answer({}, content=record["content"], media_type=record["contentType"])


HOOKS: Mapping[str, Hook] = {
    "prepare_file": prepare_file,
    "choose_files": choose_files,
    "download_file": download_file,
}
