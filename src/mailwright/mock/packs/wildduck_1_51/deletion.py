"""Users that are deleted: their data waits, and they can be brought back."""

from __future__ import annotations

from collections.abc import Mapping

from mailwright.mock.call import Call, Refused
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck_1_51.callers import end_tokens
from mailwright.mock.packs.wildduck_1_51.formats import tidy_time
from mailwright.mock.packs.wildduck_1_51.log import log
from mailwright.mock.values import timestamp


def delete_user(call: Call) -> None:
    """Takes a user out of sight, with its addresses; the data stays, as the task that ends it never runs in a mock.

    Of one that is not there a task is told as well.
    """
    user = str(call.path["user"])
    record = call.state.move(user, "users", "deletedUsers")
    gone = record or call.state.get("deletedUsers", user) or {"deletion": {"task": call.state.chance.id()}}
    count = 0
    if record is not None:
        record["deletion"] = {"time": timestamp(call.now), "task": call.state.chance.id()}
        for address in list(call.state.all("addresses", user=user)):
            call.state.move(address["id"], "addresses", "deletedAddresses")
            count += 1
        end_tokens(call, user)
        log(call, user, "delete user", "success")
    call.made.update(
        user=user,
        addresses={"deleted": count},
        deleteAfter=tidy_time(call.given.get("deleteAfter", timestamp(call.now))),
        task=gone["deletion"]["task"],
    )


def find_deleted(call: Call) -> None:
    """Finds a user that was deleted."""
    _find(call, 404)
    user = call.subject
    call.made.update(
        user=user["id"],
        username=user["username"],
        storageUsed=user["storageUsed"],
        deleted=user["deletion"]["time"],
        recoverableAddresses=[each["address"] for each in call.state.all("deletedAddresses", user=user["id"])],
    )
    if user["tags"]:
        call.made["tags"] = user["tags"]


def restore_user(call: Call) -> None:
    """Brings a user back, with the addresses that nobody has taken meanwhile."""
    _find(call, 500)
    user = call.subject
    if call.state.first("users", unameview=user["unameview"]) is not None:
        raise Refused({"error": "Account was already restored", "code": "AccountFound"}, status=500)
    call.state.move(user["id"], "deletedUsers", "users")
    recovered = 0
    for address in list(call.state.all("deletedAddresses", user=user["id"])):
        if call.state.first("addresses", addrview=address["addrview"]) is None:
            call.state.move(address["id"], "deletedAddresses", "addresses")
            recovered += 1
        elif user["address"] == address["address"]:
            user["address"] = ""
    log(call, user["id"], "restore user", "success")
    call.made.update(
        user=user["id"], task=user.pop("deletion")["task"], addresses={"recovered": recovered, "main": user["address"]}
    )


def _find(call: Call, status: int) -> None:
    call.record = call.state.get("deletedUsers", str(call.path["user"]))
    if call.record is None:
        raise Refused({"error": "Deleted account was not found", "code": "AccountNotFound"}, status=status)


HOOKS: Mapping[str, Hook] = {"delete_user": delete_user, "find_deleted": find_deleted, "restore_user": restore_user}
