"""The scripted scenario that a mock and a real WildDuck 1.51 have to answer alike, call by call.

    steps = scenario(WildDuck(url, access_token=token))

Run as a program it prints the steps that a server gave, or those in which two servers differ:

    ACCESS_TOKEN=secret python tests/real/wildduck/scenario.py http://127.0.0.1:8080 [http://127.0.0.1:8081]

No step depends on what the server kept from before: all names have a mark of the run. No call depends on how another
one went, so that two servers are asked the same. New calls go to the end of a section.
"""

from __future__ import annotations

import json
import os
import secrets
import sys

import scenario_accounts as accounts
import scenario_mail as mail_sections
from mailwright_wildduck.v1_51 import WildDuck
from scenario_recorder import Recorder, Step, differences

__all__ = ["Step", "differences", "scenario"]


def scenario(mail: WildDuck, mark: str = "") -> list[Step]:
    """Makes all calls of the scenario, one after the other, and returns what each gave."""
    do = Recorder(mail, mark or f"m{secrets.token_hex(4)}")
    people = accounts.users(do)
    accounts.addresses(do, people)
    accounts.forwarded_addresses(do)
    accounts.authentication(do, people)
    accounts.two_factor(do, people)
    accounts.application_passwords(do, people)
    accounts.autoreply(do, people)
    accounts.domains(do)
    accounts.server_side(do, people)
    boxes = mail_sections.mailboxes(do, people)
    mail_sections.filters(do, people, boxes)
    mail_sections.messages(do, people, boxes)
    mail_sections.search(do, people, boxes)
    mail_sections.archive(do, people, boxes)
    mail_sections.storage(do, people)
    mail_sections.updates(do, people)
    accounts.leaving(do, people)
    return do.steps


def main() -> None:
    """Prints the steps of one server, or the differences between two; exits with 1 when there are some."""
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: ACCESS_TOKEN=… python scenario.py URL [URL]")
    runs = []
    for url in sys.argv[1:]:
        with WildDuck(url, access_token=os.environ.get("ACCESS_TOKEN")) as mail:
            runs.append(scenario(mail))
    if len(runs) == 1:
        for step in runs[0]:
            print(f"{step.title}\n    {json.dumps(step.outcome, ensure_ascii=False)}")
        print(f"{len(runs[0])} calls, {sum(step.failed for step in runs[0])} of them refused")
        return
    found = differences(*runs, names=(sys.argv[1], sys.argv[2]))
    print("\n\n".join([*found, f"{len(found)} differences in {len(runs[0])} calls"]))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
