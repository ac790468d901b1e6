"""The spam filter: what was taught it, whether it learns, and what it says of a message."""

from __future__ import annotations

import re

from mailwright.mock.call import Call
from mailwright.mock.json_value import JsonObject
from mailwright.mock.packs.stalwart.envelope import not_found, other
from mailwright.mock.packs.stalwart.membership import find
from mailwright.mock.state import Record

_HEADER = re.compile(r"(?m)^[A-Za-z-]+:")
_WORD = re.compile(r"[a-z]{4,}")
_SPAM_FROM, _REJECT_FROM = 5.0, 100.0
_TEST = "GTUBE"


def upload(call: Call) -> None:
    """Takes a message as an example of spam or of wanted mail, of one account or of all."""
    if not call.upload:
        raise other("This is no message.")
    account = call.path.get("account_id")
    if account is not None and find(call.state, str(account)) is None:
        raise not_found(str(account))
    spam = "/spam" in call.operation.path.partition("/upload")[2]
    words = sorted(_words(call.upload.decode("utf-8", "replace")))
    call.state.add("samples", {}, call.now, spam=spam, words=words)


def start(call: Call) -> None:
    """Starts learning; says false where it is under way."""
    call.made["data"] = not _learning(call)["on"]
    _learning(call)["on"] = True


def stop(call: Call) -> None:
    """Ends learning; says false where it is not under way."""
    call.made["data"] = _learning(call)["on"]
    _learning(call)["on"] = False


def delete(call: Call) -> None:
    """Forgets all that was learned."""
    for each in call.state.all("samples"):
        call.state.remove("samples", each["id"])
    call.made["data"] = True


def status(call: Call) -> None:
    """Whether it learns."""
    call.made["data"] = _learning(call)["on"]


def classify(call: Call) -> None:
    """The score of a message: words of spam count for it, words of wanted mail against it."""
    message: str = call.given["message"]
    if not _HEADER.search(message):
        raise other("This is no message.")
    tags: JsonObject = {}
    if "subject:" not in message.lower():
        tags["MISSING_SUBJECT"] = {"action": "allow", "value": 2.0}
    for spam, name, value in ((True, "BAYES_SPAM", 6.0), (False, "BAYES_HAM", -3.0)):
        samples = call.state.all("samples", spam=spam)
        if any(len(_words(message) & set(each["words"])) * 2 > len(each["words"]) for each in samples):
            tags[name] = {"action": "allow", "value": value}
    score = float(sum(each["value"] for each in tags.values()))
    if _TEST in message:
        tags["GTUBE_TEST"] = {"action": "reject"}
        score += _REJECT_FROM
    if score >= _REJECT_FROM:
        disposition: JsonObject = {"action": "reject"}
    else:
        verdict = "Yes" if score >= _SPAM_FROM else "No"
        disposition = {"action": "allow", "value": f"X-Spam-Status: {verdict}, score={score:.2f}\r\n"}
    call.made["data"] = {"score": score, "tags": tags, "disposition": disposition}


def _words(message: str) -> set[str]:
    return set(_WORD.findall(message.partition("\n\n")[2].lower() or message.partition("\r\n\r\n")[2].lower()))


def _learning(call: Call) -> Record:
    found = call.state.first("switches", name="learning")
    return found or call.state.add("switches", {}, call.now, name="learning", on=False)


HOOKS = {
    "upload_sample": upload,
    "start_learning": start,
    "stop_learning": stop,
    "delete_learned": delete,
    "learning_status": status,
    "classify": classify,
}
