"""What a server says it can do, held against what its document says."""

from __future__ import annotations

from mailwright.drift.capabilities import Capability, Difference, Drift
from mailwright.drift.compare import compare
from mailwright.drift.fetching import fetch
from mailwright.drift.listings import Listing, listing_for
from mailwright.drift.report import as_json, as_text

__all__ = [
    "Capability",
    "Difference",
    "Drift",
    "Listing",
    "as_json",
    "as_text",
    "compare",
    "fetch",
    "listing_for",
]
