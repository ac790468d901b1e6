"""The rules of mailcow's answers and objects that client and mock have to keep, by number.

`3.…` is about answers and errors, `4.…` about objects and how they are written. A rule in `RULES` is held by the
tests that have its number in their names: `test_rule_3_16_…` is about 3.16.
"""

from __future__ import annotations

RULES: dict[str, str] = {
    "3.01": "A write answers 200 with a list of entries, be it a success or a failure.",
    "3.02": "A lone `Task completed` is no proof that anything was done.",
    "3.03": "A lone error at 200 is a failure.",
    "3.04": "An empty 200 is a failure, after which a part may be done.",
    "3.05": "401 `authentication failed`: the key is unknown or not active.",
    "3.06": "401 `api access denied for ip`: the address may not use the key.",
    "3.07": "403 `API read/write access denied`: the key may only read, or an edit or a delete has none.",
    "3.08": "403 without a body: a browser asks for a page, as Sec-Fetch-Dest says.",
    "3.09": "400: the body is no JSON, is empty, or is null.",
    "3.10": "404: there is no such route.",
    "3.11": "405: the route has not this method; only a GET of an add is a lone error at 200.",
    "3.12": "500 with HTML: Redis, the database or Docker's API is down.",
    "3.13": "Entries are of success, danger or warning; lone ones of error or info as well.",
    "3.14": "A message is a key, a key with arguments, which may be numbers or null, or a sentence.",
    "3.15": "The log of an entry repeats the request with secrets, and is absent in lone answers: nobody is shown it.",
    "3.16": "One write has several entries; the one that was asked for is the last.",
    "3.17": "A success may stand beside a danger for the same thing.",
    "3.18": "A success may have the words of a database for a message.",
    "3.19": "Entries of a bulk write are in the order of the items and do not name what failed; what is done stays.",
    "3.20": "What is not there: reads answer {}, writes a danger of access_denied or a key of its own.",
    "3.21": "Domains, DKIM keys, OAuth2 clients, forwarding hosts and quarantined mail are deleted although not there.",
    "3.22": "An empty list is {}, or [] for quarantine, the mail queue, and mailboxes by tags.",
    "3.23": "The mailboxes of a domain that is not there are all mailboxes; its aliases are none.",
    "3.24": "A BCC, recipient or TLS policy map that is read alone has a stray member.",
    "3.25": "An app password cannot be read alone.",
    "3.26": "A mailbox that cannot be made answers with one danger, each with its key and its numbers.",
    "4.01": "Limits of domains have one name when written and another when read.",
    "4.02": "Storage of domains is written in MiB and read in bytes.",
    "4.03": "What mailboxes of a domain may use, and its relay host, are numbers in text.",
    "4.04": "What a domain stores is the number 0 or a number in text.",
    "4.05": "The rate limit of a domain is false, or an object of texts.",
    "4.06": "A domain without tags has no tags member.",
    "4.07": "When a domain was changed is null until it is.",
    "4.08": "The administrators of a domain are one text, or a dash.",
    "4.09": "Storage of mailboxes is written in MiB and read in bytes.",
    "4.10": "Switches of a mailbox are texts of 0 and 1, also after edits; its recovery address may be null.",
    "4.11": "Custom attributes are an object, or an empty list.",
    "4.12": "How full a mailbox is, is a number, or `- ` where there is no limit.",
    "4.13": "The rate limit of a mailbox is false, or an object of texts.",
    "4.14": "The limit of a mailbox is its domain's or its own, as rl_scope says.",
    "4.15": "A mailbox without tags has no tags member.",
    "4.16": "Who a mailbox may send as is a list.",
    "4.17": "Last logins are seconds since 1970.",
    "4.30": "A mailbox without a quota has no limit, whatever its domain allows.",
    "4.35": "A change of a mailbox does not read how it is reached by TLS.",
    "4.36": "A source of passwords that is not set up silently becomes mailcow.",
    "4.18": "The id of an alias is a number when read, and a text in the entry that tells of it.",
    "4.19": "Comments of an alias are null or text.",
    "4.20": "Whether an alias catches all is 0 or 1.",
    "4.21": "A new alias is not active unless that is said.",
    "4.22": "A DKIM key has its length in text and an empty private key.",
    "4.23": "A domain without a DKIM key has {}.",
    "4.24": "A domain administrator has lists of domains, those that are theirs and the others.",
    "4.25": "A new domain administrator is not active unless that is said.",
    "4.26": "A rate limit has its value in text, and a time of s, m, h or d.",
    "4.31": "The size of a DKIM key has no default.",
    "4.27": "Empty texts and 0 keep what is there, but for the quota of a mailbox.",
    "4.28": "Tags are only added; a route of their own takes them away.",
    "4.29": "A domain needs only its name; the rest comes from the Default template.",
    "4.32": "A change of an app password needs the name of its mailbox.",
    "4.33": "A sync job needs what it leaves out, be it an empty text.",
    "4.34": "A change of a domain does not read rate limits.",
}

# Rules that no test here has the number of yet; a rule moves up with its first test.
WITHOUT_TESTS: dict[str, str] = {
}

# What stops a new mailbox, and with which numbers: rule 3.26.
NEW_MAILBOX_FAILURES: dict[str, str] = {
    "object_exists": "the address",
    "mailbox_invalid": "",
    "access_denied": "",
    "password_mismatch": "",
    "password_complexity": "",
    "max_mailbox_exceeded": "how many there are, and may be",
    "mailbox_quota_exceeded": "the most a mailbox may have, in MiB",
    "mailbox_quota_left_exceeded": "what is left, in MiB",
    "quarantine_category_invalid": "",
    "is_alias": "the address",
    "is_spam_alias": "the address",
}
