"""How a client is told who is calling, and what of it must be on the wire: by a reading of the document's own."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from mailwright.contract.document import Document
from mailwright.contract.refusals import Rule, rule_for

USERNAME = "contract"


@dataclass(frozen=True, slots=True)
class Credential:
    """One way to say who is calling: the client's argument for the secret, and the header it goes in.

    `header` is empty for a key that only goes in the query. `user` is the name that goes with a password: the one that
    the API knows, or one of ours, which then is an argument too. `scheme` is the word before a token in base64.
    """

    kind: Literal["apiKey", "basic", "bearer", "encoded"]
    argument: str
    header: str
    user: str = ""
    names_user: bool = False
    scheme: str = ""

    def arguments(self, secret: str) -> dict[str, str]:
        """The arguments of a client that has the secret."""
        return {**({"username": self.user} if self.names_user else {}), self.argument: secret}

    def value(self, secret: str) -> str:
        """What the header holds, as text of Latin-1."""
        if self.kind == "basic":
            return "Basic " + b64encode(f"{self.user}:{secret}".encode()).decode()
        if self.kind == "encoded":
            return f"{self.scheme} " + b64encode(secret.encode()).decode()
        return f"Bearer {secret}" if self.kind == "bearer" else secret

    def rule(self, secret: str) -> Rule:
        """Says what a client does with a secret: sends or refuses it."""
        if not secret or any(mark in secret for mark in "\r\n\0"):
            return "refuse"
        if self.kind in ("basic", "encoded"):
            return "refuse" if any("\ud800" <= mark <= "\udfff" for mark in secret) else "send"
        # One who pastes `Bearer x` in the place of `x` is better told than refused by the server.
        return "refuse" if self.kind == "bearer" and " " in secret.strip(" ") else rule_for("header", secret)


def credentials_of(document: Document, arguments: Collection[str]) -> list[Credential]:
    """Lists them, one for each argument; a key that may go in two places goes in the header.

    `arguments` are the names that the client has for secrets.
    """
    found: dict[str, Credential] = {}
    for name, scheme in document.schemes.items():
        words = scheme.get("x-client", {})
        kind = "apiKey" if scheme.get("type") == "apiKey" else str(scheme.get("scheme", "")).lower()
        usual = "password" if kind == "basic" else name
        argument = str(words.get("argument") or next((each for each in arguments if _bare(each) == _bare(usual)), ""))
        if kind == "basic":
            user = str(words.get("user", ""))
            found[argument] = Credential("basic", argument, "Authorization", user or USERNAME, names_user=not user)
        elif kind == "bearer":
            found[argument] = Credential("bearer", argument, "Authorization")
        elif words.get("encoding") == "base64":
            found[argument] = Credential("encoded", argument, "Authorization", scheme=str(scheme["scheme"]))
        elif argument not in found or scheme.get("in") == "header":
            header = str(scheme["name"]) if scheme.get("in") == "header" else ""
            found[argument] = Credential("apiKey", argument, header)
    return list(found.values())


def _bare(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
