"""A security key in software, as far as WebAuthn's `none` attestation and ES256 assertions need one.

It counts no uses, as keys may: where one does, WildDuck keeps the count, in a way that SecantusDB does not understand.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

_USER_IS_PRESENT, _HAS_CREDENTIAL = 0x01, 0x40


@dataclass
class SecurityKey:
    """One key for one place; all texts it takes and gives are hexadecimal, as WildDuck's API has them."""

    origin: str
    place: str
    raw_id: str = field(default_factory=lambda: secrets.token_hex(16))
    _key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1()), repr=False
    )

    def registration(self, challenge: str) -> dict[str, str]:
        """Returns the arguments that end a registration."""
        numbers = self._key.public_key().public_numbers()
        point = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        identity = bytes.fromhex(self.raw_id)
        credential = bytes(16) + len(identity).to_bytes(2, "big") + identity + _cbor(point)
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._state(_HAS_CREDENTIAL) + credential}
        return {
            "raw_id": self.raw_id,
            "client_data_json": self._client_data("webauthn.create", challenge).hex(),
            "attestation_object": _cbor(attestation).hex(),
        }

    def assertion(self, challenge: str) -> dict[str, str]:
        """Returns the arguments that end an authentication."""
        state, client_data = self._state(), self._client_data("webauthn.get", challenge)
        signature = self._key.sign(state + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return {
            "raw_id": self.raw_id,
            "client_data_json": client_data.hex(),
            "authenticator_data": state.hex(),
            "signature": signature.hex(),
        }

    def _state(self, more: int = 0) -> bytes:
        place = hashlib.sha256(self.place.encode()).digest()
        return place + bytes([_USER_IS_PRESENT | more]) + bytes(4)

    def _client_data(self, kind: str, challenge: str) -> bytes:
        text = urlsafe_b64encode(bytes.fromhex(challenge)).rstrip(b"=").decode()
        return json.dumps({"type": kind, "challenge": text, "origin": self.origin, "crossOrigin": False}).encode()


def _cbor(value: Any) -> bytes:
    """Encodes integers, bytes, text and maps (RFC 8949)."""
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    return _head(5, len(value)) + b"".join(_cbor(key) + _cbor(each) for key, each in value.items())


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    size = 1 if number < 256 else 2
    return bytes([kind << 5 | (23 + size)]) + number.to_bytes(size, "big")
