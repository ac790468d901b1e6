"""Forms of user names and addresses under which WildDuck keeps them unique."""

from __future__ import annotations

import unicodedata


def user_view(username: str) -> str:
    """A user name as it is compared: small letters, dots left out."""
    return username.lower().replace(".", "")


def normal_address(address: str) -> str:
    """An address as it is kept: one Unicode form, the domain in small letters."""
    local, _, domain = unicodedata.normalize("NFC", address.strip()).rpartition("@")
    return f"{local}@{domain.lower()}"


def address_view(address: str) -> str:
    """An address as it is compared and sorted: small letters, dots of the local part left out."""
    local, _, domain = normal_address(address).lower().rpartition("@")
    return f"{local.replace('.', '')}@{domain}"
