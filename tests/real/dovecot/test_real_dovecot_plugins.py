from __future__ import annotations

from typing import Any

import pytest
from dovecot_scenario import letter
from dovecot_server import JANE, JOE

from mailwright.runtime import CommandDropped, NotFound, ResponseInvalid, ServerError


@pytest.fixture
def box(dv: Any, mark: str) -> str:
    dv.mailbox.create(user=JANE, mailbox=[mark])
    dv.mail.save(user=JANE, file=letter(1), mailbox=mark)
    return mark


def test_rights_are_given_and_taken(dv: Any, box: str) -> None:
    joe = {"user": JANE, "mailbox": box, "id": f"user={JOE}"}

    def rights() -> dict[str, set[str]]:
        return {row.id: set(row.rights.split()) for row in dv.acl.get(user=JANE, mailbox=box)}

    assert rights() == {}
    assert dv.acl.set(**joe, right=["lookup", "read"]) is None
    dv.acl.add(**joe, right=["write"])
    dv.acl.remove(**joe, right=["read"])
    assert rights() == {f"user={JOE}": {"lookup", "write"}}
    (own,) = dv.acl.rights(user=JANE, mailbox=box)
    assert {"lookup", "read", "admin"} <= set(own.rights.split())
    assert dv.acl.debug(user=JANE, mailbox=box) is None
    assert dv.acl.recalc(user=JANE) is None
    dv.acl.delete(**joe)
    assert rights() == {}
    with pytest.raises(NotFound):
        dv.acl.get(user=JANE, mailbox=f"{box}-not-there")


def test_metadata_is_set_read_and_unset(dv: Any, box: str) -> None:
    comment = {"user": JANE, "mailbox": box, "key": "/private/comment"}
    assert dv.mailbox.metadata_set(**comment, value="hello") is None
    assert [row.value for row in dv.mailbox.metadata_get(**comment)] == ["hello"]
    assert "comment" in {row.key for row in dv.mailbox.metadata_list(user=JANE, mailbox=box)}
    dv.mailbox.metadata_unset(**comment)
    assert [row.value for row in dv.mailbox.metadata_get(**comment)] == [""]


def test_keys_are_made_and_listed(dv: Any, series: str, box: str) -> None:
    (own,) = dv.mailbox.cryptokey_generate(user=JANE, user_key_only=True, force=True)
    assert own.box == "<userkey>"
    (made,) = dv.mailbox.cryptokey_generate(user=JANE, mailbox=box)
    assert made.box == box
    (listed,) = dv.mailbox.cryptokey_list(user=JANE, mailbox=box)
    assert (listed.box, listed.pubid) == (box, made.pubid)
    assert listed.active == "yes"
    active = [row.pubid for row in dv.mailbox.cryptokey_list(user=JANE, user_key=True) if row.active == "yes"]
    assert active == [own.pubid]
    (changed,) = dv.mailbox.cryptokey_password(user=JANE, new_password="s3cret")
    assert changed.result.startswith("Changed password for ")
    dv.mailbox.cryptokey_password(user=JANE, old_password="s3cret", clear_password=True)
    # The key is written between the rows, which 2.3 takes for an answer and 2.4 breaks at.
    with pytest.raises(CommandDropped if series == "2.4" else ResponseInvalid):
        dv.mailbox.cryptokey_export(user=JANE, user_key=True)


def test_full_text_search_says_that_it_has_no_index(dv: Any, box: str) -> None:
    query = ["mailbox", box, "body", "hello"]
    for call in (dv.fts.lookup, dv.fts.expand):
        with pytest.raises(ServerError) as refused:
            call(user=JANE, query=query)
        assert refused.value.code == 78
    with pytest.raises(ServerError) as refused:
        dv.fts.tokenize(user=JANE, text=["hello"])
    assert refused.value.code == 78
    for call in (dv.fts.optimize, dv.fts.rescan):
        with pytest.raises(NotFound) as missing:
            call(user=JANE)
        assert missing.value.code == 68


@pytest.mark.parametrize("series", ["2.3"])
def test_scripts_are_put_activated_renamed_and_deleted(dv: Any, mark: str) -> None:
    script = 'require "fileinto";\nfileinto "Work";\n'
    dv.sieve.put(user=JANE, scriptname=mark, file=script)
    dv.sieve.activate(user=JANE, scriptname=mark)
    (content,) = dv.sieve.get(user=JANE, scriptname=mark)
    assert content.sieve_script == script
    dv.sieve.rename(user=JANE, oldname=mark, newname=f"{mark}x")
    assert {row.script: row.active for row in dv.sieve.list(user=JANE)} == {f"{mark}x": "ACTIVE"}
    dv.sieve.deactivate(user=JANE)
    dv.sieve.delete(user=JANE, scriptname=[f"{mark}x"])
    assert dv.sieve.list(user=JANE) == []
    with pytest.raises(NotFound):
        dv.sieve.get(user=JANE, scriptname=mark)
