"""The listing of doveadm over HTTP: its commands, and the type of each parameter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from mailwright.drift.capabilities import Capability
from mailwright.problem import Problem

# Commands that a server lists only with a plugin, by the listings of the same server with and without it.
_PLUGINS = {
    "acl": "aclAdd aclDebug aclDelete aclGet aclRecalc aclRemove aclRights aclSet",
    "fts": "ftsExpand ftsLookup ftsOptimize ftsRescan ftsTokenize",
    "mail_crypt": "mailboxCryptokeyExport mailboxCryptokeyGenerate mailboxCryptokeyList mailboxCryptokeyPassword",
    "quota": "quotaGet quotaRecalc",
    "sieve": "sieveActivate sieveDeactivate sieveDelete sieveGet sieveList sievePut sieveRename",
}
_PART = {command: plugin for plugin, commands in _PLUGINS.items() for command in commands.split()}


class _Parameter(msgspec.Struct):
    name: str
    type: str


class _Command(msgspec.Struct):
    command: str
    parameters: list[_Parameter]


_COMMANDS = msgspec.json.Decoder(list[_Command])


class DoveadmListing:
    """Reads the commands of a Dovecot: those it lists, and those of a document, which has an `x-rpc` for each."""

    path = "/doveadm/v1"
    noun = "command"

    def described(self, document: Mapping[str, Any]) -> Iterator[Capability]:
        """Yields the commands of a bundled document."""
        for methods in document["paths"].values():
            for operation in methods.values():
                if "x-rpc" in operation:
                    rpc = operation["x-rpc"]
                    schema = _resolved(document, rpc["parameters"])
                    types = {name: _type(document, each) for name, each in schema.get("properties", {}).items()}
                    yield Capability(rpc["command"], types, _PART.get(rpc["command"], ""))

    def listed(self, content: bytes) -> Iterator[Capability]:
        """Yields the commands that a server listed.

        Raises:
            Problem: it is no listing of commands, or one has a command twice.
        """
        try:
            commands = _COMMANDS.decode(content)
        except (ValueError, RecursionError) as error:
            raise Problem(f"this is no listing of doveadm commands: {error}") from None
        seen: set[str] = set()
        for each in commands:
            if each.command in seen:
                raise Problem(f"this is no listing of doveadm commands: it has {each.command} twice")
            seen.add(each.command)
            types = {parameter.name: parameter.type for parameter in each.parameters}
            yield Capability(each.command, types, _PART.get(each.command, ""))


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follows references to the schema they end at."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].removeprefix("#/components/schemas/")]
    return schema


def _type(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    found = _resolved(document, schema).get("type")
    return found if isinstance(found, str) else "any"
