"""What sends the requests: a backend for each HTTP library, and the choice among them."""

from __future__ import annotations

from mailwright.runtime.backends.choice import (
    AsyncBackendChoice,
    BackendChoice,
    chosen_async_backend,
    chosen_backend,
)

__all__ = ["AsyncBackendChoice", "BackendChoice", "chosen_async_backend", "chosen_backend"]
