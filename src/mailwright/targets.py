"""Targets: one API at one version, and where each has its source, its package and its bundled document."""

from __future__ import annotations

import importlib.util
import json
import pkgutil
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailwright.problem import Problem

_NAME = re.compile(r"(?P<api>[a-z][a-z0-9]*)-(?P<version>[0-9]+(?:\.[0-9]+)*)")


@dataclass(frozen=True, slots=True)
class Target:
    """One API at one version, such as `wildduck-1.0.107`."""

    api: str
    version: str

    @classmethod
    def parse(cls, name: str) -> Target:
        """Reads a target name.

        Raises:
            Problem: the text is not an API, a hyphen and a version.
        """
        match = _NAME.fullmatch(name)
        if match is None:
            raise Problem(
                f"{name!r} is not a target name",
                remedy="a target is an API and a version, such as wildduck-1.0.107; `mailwright targets` lists them",
                exit_code=2,
            )
        return cls(match["api"], match["version"])

    @property
    def name(self) -> str:
        """The name a person types, such as `wildduck-1.0.107`."""
        return f"{self.api}-{self.version}"

    @property
    def package(self) -> str:
        """The import package of the API, such as `mailwright_wildduck`."""
        return f"mailwright_{self.api}"

    @property
    def module(self) -> str:
        """The module of the version below the package, such as `v1_0_107`."""
        return "v" + self.version.replace(".", "_")

    @property
    def import_name(self) -> str:
        """The full dotted name, such as `mailwright_wildduck.v1_0_107`."""
        return f"{self.package}.{self.module}"

    @property
    def order(self) -> tuple[str, tuple[int, ...]]:
        """A sort key: by API, then by version as numbers, so that 1.51 comes after 1.0.107."""
        return self.api, tuple(map(int, self.version.split(".")))


def installed() -> list[Target]:
    """Lists the targets whose generated packages can be imported here, sorted."""
    found: list[Target] = []
    for package in pkgutil.iter_modules():
        if not package.name.startswith("mailwright_"):
            continue
        spec = importlib.util.find_spec(package.name)
        for folder in (spec.submodule_search_locations or []) if spec else []:
            for document in Path(folder).glob("v*/openapi.json"):
                version = document.parent.name.removeprefix("v").replace("_", ".")
                found.append(Target(package.name.removeprefix("mailwright_"), version))
    return sorted(set(found), key=lambda target: target.order)


def package_file(target: Target, name: str) -> Path:
    """Finds a data file of a generated package, such as its `openapi.json`.

    Raises:
        Problem: the target has no generated package here.
    """
    spec = importlib.util.find_spec(target.package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / target.module / name
        if path.is_file():
            return path
    names = ", ".join(each.name for each in installed()) or "none"
    raise Problem(f"no target {target.name} here", remedy=f"known targets: {names}", exit_code=2)


def bundled_document(name: str) -> dict[str, Any]:
    """Reads the bundled OpenAPI document of a target that is installed here, by its name.

    Raises:
        Problem: there is no such target here.
    """
    document: dict[str, Any] = json.loads(package_file(Target.parse(name), "openapi.json").read_bytes())
    return document
