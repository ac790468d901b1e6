"""The shapes of operations as small APIs, each generated into a package, and a backend that hears what they send."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mailwright.runtime import Request

APIS = {file.stem: file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("shapes/*.yaml")}


@dataclass
class Told:
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    content: bytes = b'{"success": true}'


@dataclass
class Ear:
    """A backend that keeps the request and says yes."""

    requests: list[Request] = field(default_factory=list)
    told: Told = field(default_factory=Told)

    def send(self, request: Request, /) -> Told:
        self.requests.append(request)
        return self.told

    def close(self) -> None: ...


@dataclass
class AsyncEar:
    ear: Ear = field(default_factory=Ear)

    async def send(self, request: Request, /) -> Told:
        return self.ear.send(request)

    async def aclose(self) -> None: ...


def client(name: str, backend: Ear, **arguments: Any) -> Any:
    module = importlib.import_module(f"mailwright_{name}")
    return getattr(module, name.capitalize())("http://host", backend=backend, **arguments)


def models(name: str) -> Any:
    return importlib.import_module(f"mailwright_{name}").models
