"""Templates of the mock of mailcow: what they give, and what a change makes of them."""

from __future__ import annotations

from typing import Any

import pytest
from mailcow_filled import filled_mock
from mailwright_mailcow.v2026_08 import Mailcow

from mailwright.mock import MockBackend
from mailwright.runtime import InvalidRequest, PartialFailure

MIB = 1024 * 1024
OF_DOMAIN = {
    "max_num_aliases_for_domain": 5,
    "max_num_mboxes_for_domain": 2,
    "def_quota_for_mbox": 100,
    "max_quota_for_mbox": 200,
    "max_quota_for_domain": 1000,
}


@pytest.fixture
def mail() -> Mailcow:
    return Mailcow("http://mock.test", api_key="secret", backend=MockBackend(filled_mock()))


def id_of(templates: Any, name: str) -> int:
    """The id of a template."""
    return next(each.id for each in templates.list() if each.template == name)


def test_a_domain_takes_what_is_left_out_from_the_template_that_is_named(mail: Mailcow) -> None:
    mail.domain_templates.create(template="tiny", **OF_DOMAIN, tags=["t"], rl_value=7, rl_frame="m", key_size=1024)
    mail.domains.create(domain="a.example", template=id_of(mail.domain_templates, "tiny"), mailboxes=3)
    found = mail.domains.get("a.example")
    assert (found.max_num_aliases_for_domain, found.max_num_mboxes_for_domain) == (5, 3)
    assert (found.def_quota_for_mbox, found.max_quota_for_domain) == (100 * MIB, 1000 * MIB)
    assert (found.tags, found.rl and found.rl.value) == (["t"], 7)
    assert mail.dkim.get("a.example").length == 1024


def test_a_domain_takes_it_from_the_default_where_the_template_is_not_there(mail: Mailcow) -> None:
    mail.domains.create(domain="a.example", template=999)
    assert mail.domains.get("a.example").max_num_aliases_for_domain == 400


def test_a_mailbox_takes_what_is_left_out_from_the_template_that_is_named(mail: Mailcow) -> None:
    mail.mailbox_templates.create(
        template="mail", quota=50, protocol_access=["imap"], rl_value=3, rl_frame="h", quarantine_category="all"
    )
    mail.mailboxes.create(
        domain="example.org",
        local_part="ann",
        password="moohoo12",
        password2="moohoo12",
        template=id_of(mail.mailbox_templates, "mail"),
    )
    ann = mail.mailboxes.get("ann@example.org")
    assert (ann.quota, ann.attributes.imap_access, ann.attributes.pop3_access) == (50 * MIB, True, False)
    assert (ann.rl and ann.rl.value, ann.rl_scope, ann.attributes.quarantine_category) == (3, "mailbox", "all")


def test_limits_of_a_new_template_that_are_0_are_the_usual_ones(mail: Mailcow) -> None:
    mail.domain_templates.create(template="none", **dict.fromkeys(OF_DOMAIN, 0))
    found = mail.domain_templates.get(id_of(mail.domain_templates, "none")).attributes
    assert (found.max_num_aliases_for_domain, found.max_quota_for_domain) == (400, 10240 * MIB)


def test_a_change_of_a_template_for_domains_loses_what_is_left_out(mail: Mailcow) -> None:
    mail.domain_templates.create(template="tiny", **OF_DOMAIN, tags=["t"], gal=False, key_size=1024)
    number = id_of(mail.domain_templates, "tiny")
    mail.domain_templates.update(number, max_num_aliases_for_domain=6)
    found = mail.domain_templates.get(number)
    assert (found.template, found.attributes.max_num_aliases_for_domain) == ("tiny", 6)
    assert (found.attributes.max_num_mboxes_for_domain, found.attributes.max_quota_for_domain) == (0, 0)
    assert (found.attributes.tags, found.attributes.gal, found.attributes.key_size) == ([], True, 2048)
    assert found.modified is not None
    with pytest.raises(InvalidRequest, match="defquota_empty"):
        mail.domains.create(domain="a.example", template=number)


def test_a_change_of_a_template_for_mailboxes_loses_what_is_left_out_and_can_be_read(mail: Mailcow) -> None:
    mail.mailbox_templates.create(template="mail", quota=50, tags=["t"], force_tfa=True)
    number = id_of(mail.mailbox_templates, "mail")
    mail.mailbox_templates.update(number, quarantine_category="all")
    found = mail.mailbox_templates.get(number).attributes
    assert (found.quota, found.tags, found.force_tfa, found.imap_access) == (0, None, None, None)
    assert found.quarantine_category == "all"
    assert number in [each.id for each in mail.mailbox_templates.list()]


def test_a_change_of_all_of_a_template_for_mailboxes_gives_no_more_than_that(mail: Mailcow) -> None:
    mail.mailbox_templates.create(template="mail", quota=50)
    number = id_of(mail.mailbox_templates, "mail")
    mail.mailbox_templates.update(
        number, template="post", quota=60, quarantine_category="all", protocol_access=["imap"], acl=["spam_score"]
    )
    found = mail.mailbox_templates.get(number)
    assert (found.template, found.attributes.quota) == ("post", 60 * MIB)
    assert (found.attributes.acl_spam_score, found.attributes.acl_app_passwds) == (True, False)


def test_a_change_without_a_category_changes_nothing_and_is_told_as_done_as_well(mail: Mailcow) -> None:
    mail.mailbox_templates.create(template="mail", quota=50)
    number = id_of(mail.mailbox_templates, "mail")
    with pytest.raises(PartialFailure) as raised:
        mail.mailbox_templates.update(number, quota=60)
    (told,) = raised.value.succeeded
    assert "template_modified" in str(told)
    assert mail.mailbox_templates.get(number).attributes.quota == 50 * MIB


def test_the_default_template_keeps_its_name_and_is_not_deleted(mail: Mailcow) -> None:
    number = id_of(mail.domain_templates, "Default")
    mail.domain_templates.update(number, template="mine", **OF_DOMAIN)
    assert mail.domain_templates.get(number).template == "Default"
    mail.domain_templates.delete(number)
    assert mail.domain_templates.get(number).attributes.max_num_mboxes_for_domain == 2
