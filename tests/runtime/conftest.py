from __future__ import annotations

import pytest

from mailwright.runtime import event_course


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets streams of events connect again at once."""
    monkeypatch.setattr(event_course, "_PAUSE", 0.0)
    monkeypatch.setattr(event_course, "_SHORTEST", 0.0)
