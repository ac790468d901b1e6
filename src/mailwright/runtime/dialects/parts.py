"""Reads the parts of an envelope that tell of a failure, one by one."""

from __future__ import annotations

import msgspec

# What is larger explains nothing to anybody; and read into Python's objects, JSON can take twenty times its size.
_LARGEST = 65_536


def value_of(part: msgspec.Raw) -> object:
    """Returns the value of a part; None for one that is absent, cannot be read, or is larger than 64 KiB."""
    if not 0 < memoryview(part).nbytes <= _LARGEST:
        return None
    try:
        return msgspec.json.decode(part)
    except (ValueError, RecursionError):
        return None
