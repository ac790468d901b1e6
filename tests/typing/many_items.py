"""What calls for many items take and give, for the type checkers alone: checked by both and never executed."""

from __future__ import annotations

from typing import assert_type

from mailwright_mailcow.v2026_08 import AsyncMailcow, Mailcow, models

from mailwright.runtime import Done, Outcomes, Response


def plain(mail: Mailcow) -> None:
    outcomes = mail.mailboxes.delete_many(["jane@example.org"])
    assert_type(outcomes, Outcomes[str, Done])
    assert_type(outcomes[0].item, str)
    assert_type(outcomes[0].value, Done)
    assert_type(outcomes.raise_first(), Outcomes[str, Done])
    assert_type(mail.mailboxes.with_response.delete_many(["jane@example.org"])[0].value, Response[Done])
    mail.mailboxes.delete_many(each.item for each in outcomes.failed)
    mail.filters.delete_many([1, 2])


async def awaited(mail: AsyncMailcow) -> None:
    assert_type(await mail.domains.update_many(iter(["example.org"]), active=True), Outcomes[str, Done])
    assert_type((await mail.domains.with_response.delete_many(["a"]))[0].value, Response[Done])


def refused(mail: Mailcow) -> None:
    # Each line is an error for both checkers; an unused ignore is an error too, so that the refusals cannot get lost.
    mail.filters.delete_many(["a"])  # type: ignore[list-item] # pyright: ignore[reportArgumentType]
    mail.mailboxes.delete_many(1)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]


def absences(box: models.Mailbox) -> None:
    assert_type(box.tags, list[str])
    assert_type(box.percent_in_use, int | None)
    assert_type(box.custom_attributes, models.Attributes)
