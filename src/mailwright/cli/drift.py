"""`mailwright drift`: holds what a server says it can do against the document of its target."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from mailwright.cli import Commands
from mailwright.problem import Problem


def add(commands: Commands) -> None:
    """Adds the command to the command line."""
    parser = commands.add_parser(
        "drift",
        help="say where a server's own listing differs from the document",
        description="Reads the listing that a server gives of itself, and says which commands and parameters the "
        "document lacks, has too much, or gives another type. Commands of a plugin of which the server lists nothing "
        "are no difference: they are told as not loaded. Nothing is written to the server. Exits with 1 on drift.",
    )
    parser.add_argument("target", metavar="TARGET", help="a target such as dovecot-2.3")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--url",
        metavar="URL",
        help="read the listing of this server; the password or key is read from MAILWRIGHT_ACCESS_TOKEN",
    )
    source.add_argument("--listing", metavar="FILE", type=Path, help="read a listing that was recorded")
    parser.add_argument("--json", action="store_true", help="print JSON in the place of text")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the drift and a summary; gives 0 without and 1 with drift."""
    from mailwright.asking import TOKEN_VARIABLE, USER_VARIABLE
    from mailwright.drift import as_json, as_text, compare, fetch, listing_for
    from mailwright.targets import Target, bundled_document

    target = Target.parse(args.target)
    document = bundled_document(target.name)
    listing = listing_for(target)
    if args.listing is not None:
        place, content = str(args.listing), _content(args.listing)
    else:
        token, user = os.environ.get(TOKEN_VARIABLE, ""), os.environ.get(USER_VARIABLE, "")
        place, content = args.url, fetch(args.url, listing.path, document, token=token, user=user)
    try:
        listed = list(listing.listed(content))
    except Problem as problem:
        remedy = "give the listing of the server itself, as it came"
        raise Problem(problem.cause, place=place, remedy=remedy, exit_code=problem.exit_code) from None
    drift = compare(listing.described(document), listed)
    print(as_json(target.name, drift) if args.json else as_text(target.name, listing.noun, drift))
    return 1 if drift.differences else 0


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Problem(f"it cannot be read: {error.strerror}", place=str(path), exit_code=2) from None
