"""The form in which 1.51 keeps addresses: small letters throughout."""

from __future__ import annotations

from mailwright.mock.packs.wildduck.names import normal_address as early_address


def normal_address(address: str) -> str:
    """An address as it is kept: one Unicode form, small letters."""
    return early_address(address).lower()


def without_label(address: str) -> str:
    """An address without what follows a plus sign in its local part."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
