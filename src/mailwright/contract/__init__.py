"""Contract tests: generated and recorded cases through a generated client, and backends that repeat them."""

from __future__ import annotations

from mailwright.contract.reading import async_read, read
from mailwright.contract.recording import AsyncRecorder, Recorder

__all__ = ["AsyncRecorder", "Recorder", "async_read", "read"]
