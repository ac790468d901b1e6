from __future__ import annotations

import pytest
from noting import Notes

from mailwright.targets import bundled_document

NO_INDEX = "no index for full text search is set up"
RING = "Status Map Add Update Up Down Remove Move Kick Flush Dump RingAdd RingRemove RingStatus"
QUEUE = "Status DsyncStatus Replicate Add Remove"
NOT_SET_UP = [f"director{name}" for name in RING.split()] + [f"replicator{name}" for name in QUEUE.split()]
# What the servers of these tests never answer with rows: the error that comes instead, and why.
REFUSED = {
    "2.3": {
        **dict.fromkeys(["ftsLookup", "ftsExpand", "ftsTokenize"], ("ServerError", NO_INDEX)),
        **dict.fromkeys(["ftsOptimize", "ftsRescan"], ("NotFound", NO_INDEX)),
        "mailboxCryptokeyExport": ("ResponseInvalid", "the key is written into the JSON of the answer"),
        "dsyncServer": ("CommandDropped", "it talks over the connection, which HTTP has no room for"),
        "sisDeduplicate": ("CommandDropped", "there is no queue of attachments"),
        "batch": ("CommandDropped", "it takes words of the command line, which HTTP has not"),
        **dict.fromkeys(NOT_SET_UP, ("CommandDropped", "it is not set up, and the server ends the connection")),
    },
    "2.4": {
        **dict.fromkeys(["ftsLookup", "ftsExpand", "ftsTokenize"], ("ServerError", NO_INDEX)),
        **dict.fromkeys(["ftsOptimize", "ftsRescan"], ("NotFound", NO_INDEX)),
        "mailboxCryptokeyExport": ("CommandDropped", "the server breaks at the key that it writes between the rows"),
        "dsyncServer": ("CommandDropped", "it talks over the connection, which HTTP has no room for"),
        "authCacheFlush": ("InvalidRequest", "its parameter is called user before 2.4.3"),
    },
}
# What is not sent to any server, and why.
LEFT_OUT = {"stop": "it would end the server of the other tests"}


def commands(series: str) -> list[str]:
    """The operations of a bundled document."""
    items = bundled_document(f"dovecot-{series}")["paths"].values()
    return sorted(each["operationId"] for item in items for each in item.values() if "operationId" in each)


def test_the_tables_name_commands_of_the_documents() -> None:
    assert (len(commands("2.3")), len(commands("2.4"))) == (121, 108)
    for series, refused in REFUSED.items():
        assert set(refused) | set(LEFT_OUT) <= set(commands(series))


@pytest.mark.usefixtures("whole_run")
def test_each_command_was_answered_to_both_kinds_of_client_or_has_its_reason(series: str, notes: Notes) -> None:
    found = {name: (notes.answered[name], notes.refused[name]) for name in commands(series)}
    for name, (answered, refused) in found.items():
        if name in LEFT_OUT:
            assert (answered, refused) == (set(), set()), name
        elif name in REFUSED[series]:
            error, why = REFUSED[series][name]
            assert answered == set(), f"{name} is answered, although {why}"
            assert refused >= {("plain", error), ("asyncio", error)}, name
        else:
            assert answered == {"plain", "asyncio"}, name
