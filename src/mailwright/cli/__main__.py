"""Runs the command line as `python -m mailwright.cli`."""

from __future__ import annotations

import sys

from mailwright.cli import main

if __name__ == "__main__":
    sys.exit(main())
