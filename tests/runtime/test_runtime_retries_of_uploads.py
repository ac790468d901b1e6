"""An upload is tried again from where it began, if it can be."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from sample_api import CannedReply, Duck, Scripted, scripted
from test_runtime_retries import GOOD, IMPORT, NOW, status

from mailwright.runtime import (
    ConnectFailed,
    Disconnected,
    Upload,
)


class Reading(Scripted):
    """Reads each body to its end, as a backend on a network does."""

    bodies: list[bytes | None]

    def send(self, request: object, /) -> CannedReply:
        self.bodies = [*getattr(self, "bodies", []), request.body()]  # type: ignore[attr-defined]
        return super().send(request)  # type: ignore[arg-type]


class NotSeekable(io.BytesIO):
    def seekable(self) -> bool:
        return False


def import_(source: object, backend: Scripted) -> None:
    Duck("http://mail.test", backend=backend, retries=NOW).call(IMPORT, body=Upload(source))


@pytest.mark.parametrize("kind", ["bytes", "path", "file", "file read in part"])
def test_upload_is_sent_again_from_where_it_began(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(b"From: jane")
    backend = Reading(scripted(ConnectFailed("x"), status(503), GOOD).answers)
    with path.open("rb") as file:
        if kind == "file read in part":
            file.read(6)
        import_({"bytes": b"From: jane", "path": path}.get(kind, file), backend)
    assert backend.bodies == [b"jane" if kind == "file read in part" else b"From: jane"] * 3


def test_upload_of_a_file_that_cannot_seek_is_sent_once() -> None:
    backend = Reading(scripted(Disconnected("broke"), GOOD).answers)
    with pytest.raises(Disconnected) as caught:
        import_(NotSeekable(b"From: jane"), backend)
    assert backend.bodies == [b"From: jane"]
    assert caught.value.attempts == 1


def test_upload_of_a_file_that_cannot_seek_is_tried_again_while_it_is_unread() -> None:
    backend = scripted(ConnectFailed("x"), GOOD)
    import_(NotSeekable(b"From: jane"), backend)
    assert len(backend.requests) == 2
