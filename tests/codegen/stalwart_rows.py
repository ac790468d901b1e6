"""What a document of Stalwart has to say, one function a row of the comparison with the server's source.

Each takes a document and says whether it tells the truth of that row: the document as published does not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from stalwart_document import JSON, Api

Row = Callable[[Api], bool]

ROWS: dict[str, Row] = {}
_TEXTS = ("name", "description", "picture", "tenant", "locale")
_LISTS = (
    *("secrets", "emails", "memberOf", "roles", "lists"),
    *("enabledPermissions", "disabledPermissions", "urls", "externalMembers"),
)
_FLAG = {"type": "boolean", "const": True}
_REFUSALS = {"400", "401", "402", "403", "404", "429", "500", "default"}


def row(function: Row) -> Row:
    """Adds a row under the name of its function."""
    ROWS[function.__name__] = function
    return function


_FILTERS = {"text", "from", "to", "queue", "before", "after"}


@row
def row_01_rescheduling_the_queue_has_no_parameter_called_filter(api: Api) -> bool:
    known = set(api.query("PATCH /queue/messages"))
    narrows = set(api.filters("PATCH /queue/messages")) == _FILTERS
    return "filter" not in known and {*_FILTERS, "at"} <= known and narrows


@row
def row_02_deleting_from_the_queue_asks_for_consent(api: Api) -> bool:
    line = "DELETE /queue/messages"
    return set(api.query(line)) >= _FILTERS and set(api.filters(line)) == _FILTERS


@row
def row_03_one_message_can_be_narrowed_to_recipients(api: Api) -> bool:
    line = "/queue/messages/{message_id}"
    return set(api.query(f"PATCH {line}")) == {"at", "filter"} and set(api.query(f"DELETE {line}")) == {"filter"}


@row
def row_04_the_dry_run_is_a_flag_that_is_true_or_nothing(api: Api) -> bool:
    return api.query("GET /reload").get("dry-run") == _FLAG


@row
def row_05_gets_that_change_something_are_never_tried_again(api: Api) -> bool:
    starts = ("/store/purge/", "/store/reindex", "/update/", "/reload")
    lines = [f"GET {path}" for path in api.document["paths"] if path.startswith(starts)]
    return len(lines) > 10 and all(api.operation(line).get("x-unsafe") for line in lines)


@row
def row_06_the_value_in_a_failure_of_dkim_is_a_secret(api: Api) -> bool:
    told = str(api.operation("POST /dkim").get("description", ""))
    return api.secret("POST /dkim", "default", "value") and "private key" in told


@row
def row_07_restoring_takes_a_list_and_says_that_it_takes_nothing_else(api: Api) -> bool:
    line = "POST /store/undelete/{account_id}"
    words = str(api.operation(line).get("description", ""))
    return "nothing for an empty list" in words and not api.takes(line, None)


@row
def row_08_classes_of_the_in_memory_store_are_words_of_a_list(api: Api) -> bool:
    item = api.document["paths"].get("/store/purge/in-memory/{store}/{class}", {})
    schemas = {each.get("name"): each.get("schema", {}) for each in map(api.follow, item.get("parameters", ()))}
    words = api.follow(schemas.get("class", {})).get("enum", ())
    fixed = ("bayes-global", "bayes-account/{account_id}")
    old = [api.operation(f"GET /store/purge/in-memory/default/{path}").get("x-until") for path in fixed]
    return old == ["0.14.1"] * 2 and {"greylist", "rate-imap", "bayes-global"} <= set(words) and "anything" not in words


@row
def row_09_the_spam_filter_is_taught_with_the_message_itself(api: Api) -> bool:
    bodies = [
        api.operation(f"POST /spam-filter/{word}/{kind}{path}").get("requestBody", {}).get("content", {})
        for word in ("train", "upload")
        for kind in ("spam", "ham")
        for path in ("", "/{account_id}")
    ]
    return all(list(body) == ["message/rfc822"] for body in bodies)


@row
def row_10_the_rules_that_match_are_a_map(api: Api) -> bool:
    tags = {"ANY_RULE": {"action": "allow", "value": 1.5}, "ANOTHER": {"action": "reject"}}
    whole = {"score": 1.5, "tags": tags, "disposition": {"action": "discard"}}
    wrong = (
        {**whole, "tags": {"ANY_RULE": {"action": "other"}}},
        {"score": 1.5, "tags": tags},
        {**whole, "score": "1"},
    )
    line = "POST /spam-filter/classify"
    return api.answers(line, whole) and not any(api.answers(line, each) for each in wrong)


@row
def row_11_what_may_be_null_is_text_or_always_null(api: Api) -> bool:
    dkim = {"algorithm": "Rsa", "domain": "example.org", "id": "x", "selector": None}
    envelope: JSON = {"remoteIp": "192.0.2.1", "envFrom": "", "envFromFlags": 0, "envRcptTo": []}
    letter = {**envelope, "message": "x", "authenticatedAs": None}
    return (
        api.answers("DELETE /principal/{principal_id}", None)
        and not api.answers("DELETE /principal/{principal_id}", {})
        and api.takes("POST /dkim", dkim, {**dkim, "id": None, "selector": "s"})
        and not any(api.takes("POST /dkim", {**dkim, name: {}}) for name in ("id", "selector"))
        and api.takes("POST /spam-filter/classify", letter, {**letter, "authenticatedAs": "jane"})
        and not api.takes("POST /spam-filter/classify", {**letter, "authenticatedAs": {}})
    )


@row
def row_12_no_list_is_of_anything(api: Api) -> bool:
    found: list[Any] = [api.document]
    for node in found:
        if isinstance(node, list):
            found.extend(cast("list[Any]", node))
        elif isinstance(node, dict):
            known = cast("JSON", node)
            if known.get("type") == "array" and "prefixItems" not in known and not known.get("items"):
                return False
            found.extend(known.values())
    return True


@row
def row_13_reload_with_and_without_a_slash_is_one(api: Api) -> bool:
    plain, slashed = api.operation("GET /reload"), api.operation("GET /reload/")
    same = api.query("GET /reload") == api.query("GET /reload/") and plain["responses"] == slashed["responses"]
    return same and slashed.get("deprecated") is True


@row
def row_14_settings_are_maps_of_text(api: Api) -> bool:
    other = {"any.key": "7"}
    wrong = {"any.key": 7}
    lists = (
        ("GET /settings/list", {"total": 1, "items": other}),
        ("GET /settings/group", {"total": 1, "items": [other]}),
    )
    return (
        all(api.answers(line, body) for line, body in lists)
        and api.answers("GET /settings/keys", other)
        and not api.answers("GET /settings/keys", wrong)
        and not api.answers("GET /settings/list", {"total": 1, "items": wrong})
    )


@row
def row_15_successes_are_not_described_as_failures(api: Api) -> bool:
    metric = {"type": "gauge", "id": "x", "timestamp": "2026-01-02T03:04:05Z", "value": 1}
    return (
        api.answers("GET /telemetry/metrics", [metric])
        and api.answers("GET /telemetry/traces", {"items": [2**63 - 1], "total": 1})
        and api.answers("POST /account/auth", None)
        and not api.answers("POST /account/auth", {})
    )


@row
def row_16_streams_are_server_sent_events(api: Api) -> bool:
    lines = ("/telemetry/metrics/live", "/telemetry/traces/live", "/troubleshoot/delivery/{recipient}")
    words = [api.operation(f"GET {path}").get("x-stream") for path in lines]
    steps = len(api.schema("DeliveryStep").get("oneOf", ()))
    kinds = all(list(api.content(f"GET {path}")) == ["text/event-stream"] for path in lines)
    return words == ["sse", "sse", "sse-once"] and kinds and steps == 44


@row
def row_17_a_blob_is_bytes_and_can_be_read_from_an_offset(api: Api) -> bool:
    line = "GET /store/blobs/{blob_id}"
    return list(api.content(line)) == ["application/octet-stream"] and set(api.query(line)) == {"offset", "limit"}


@row
def row_18_every_operation_says_who_may_call_and_ids_are_whole_numbers(api: Api) -> bool:
    ids = api.content("POST /principal")["application/json"]["schema"]
    whole = api.fits(ids, {"data": 2**63 - 1}) and not api.fits(ids, {"data": 1.5})
    fractions = [name for name, schema in api.properties() if schema.get("type") == "number"]
    counted = [schema for line in api.lines() for schema in api.query(line).values() if schema.get("type") == "number"]
    ways = {each["scheme"] for each in api.document["components"].get("securitySchemes", {}).values()}
    known = ways == {"bearer", "basic"} and all(each.get("security") for each in api.operations())
    first = api.query("GET /queue/messages")["page"].get("minimum") == 1
    return whole and known and first and counted == [] and set(fractions) == {"score", "value", "version"}


@row
def row_19_a_principal_is_named_in_its_path_and_has_lists(api: Api) -> bool:
    item = api.document["paths"]["/principal/{principal_id}"]
    named = "Name" in api.follow(item["parameters"][0])["description"]
    one: JSON = {"type": "individual", "id": 1, "name": "jane", "emails": "jane@example.org", "secrets": ["$6$x"]}
    domain: JSON = {"type": "domain", "id": 2, "name": "example.org", "members": 3}
    tenant: JSON = {"type": "tenant", "id": 3, "name": "acme", "quota": [1, 2], "members": 3}
    group: JSON = {"type": "group", "id": 4, "name": "staff", "members": ["jane"]}
    good = (one, {**one, "emails": ["a", "b"]}, {**one, "quota": 5}, domain, tenant, group)
    wrong: tuple[JSON, ...] = (
        *({**one, name: {}} for name in (*_TEXTS, *_LISTS, "usedQuota")),
        *({**one, "quota": value} for value in ("5", [1])),
        *({**domain, "members": value} for value in (["jane"], "3")),
        *({**group, "members": value} for value in (1, "jane")),
        {**tenant, "quota": "5"},
    )
    line = "GET /principal/{principal_id}"
    return (
        named
        and api.answers(line, *good)
        and not any(api.answers(line, each) for each in wrong)
        and _new_principals_are_checked(api)
    )


def _new_principals_are_checked(api: Api) -> bool:
    new: JSON = {"type": "individual", "name": "jane"}
    good = (new, {**new, "quota": 5, "secrets": ["$6$x"], "description": None}, {**new, "type": "tenant", "quota": [1]})
    wrong: tuple[JSON, ...] = (
        *({**new, name: {}} for name in (*_TEXTS, *_LISTS, "quota")),
        {**new, "type": "tenant", "quota": "1"},
    )
    return api.takes("POST /principal", *good) and not any(api.takes("POST /principal", each) for each in wrong)


@row
def row_20_a_change_has_values_of_every_kind(api: Api) -> bool:
    line = "PATCH /principal/{principal_id}"
    sets = [{"action": "set", "field": "quota", "value": value} for value in ("", ["a"], 1, [1, 2])]
    refused = ({"action": "addItem", "field": "quota", "value": "1"}, {**sets[0], "value": None})
    return api.takes(line, sets) and not any(api.takes(line, [each]) for each in refused)


@row
def row_21_oauth_gives_a_code_and_takes_two_kinds_of_request(api: Api) -> bool:
    code: JSON = {"code": "x", "permissions": [], "version": "0.15.5", "isEnterprise": False}
    return (
        api.takes("POST /oauth", {"type": "code", "client_id": "x"}, {"type": "device", "code": "x"})
        and not api.takes("POST /oauth", {"type": "device"})
        and api.answers("POST /oauth", code, True)
        and not any(api.answers("POST /oauth", each) for each in ("x", {**code, "code": 1}))
    )


@row
def row_22_settings_change_in_three_ways(api: Api) -> bool:
    insert = {"type": "insert", "values": [["a", "b"]], "assert_empty": False}
    changes = [{"type": "delete", "keys": ["a"]}, {"type": "clear", "prefix": "a."}, insert]
    return api.takes("POST /settings", changes) and not api.takes("POST /settings", [{**insert, "assert_empty": None}])


@row
def row_23_credentials_change_in_five_ways(api: Api) -> bool:
    changes: list[JSON] = [
        {"type": "setPassword", "password": "x"},
        {"type": "enableOtpAuth", "url": "otpauth://x"},
        {"type": "disableOtpAuth", "url": None},
        {"type": "addAppPassword", "name": "x", "password": "x"},
        {"type": "removeAppPassword", "name": None},
    ]
    return api.takes("POST /account/auth", changes) and not api.takes("POST /account/auth", [])


@row
def row_24_encryption_is_off_or_of_two_kinds(api: Api) -> bool:
    pgp = {"type": "pGP", "algo": "Aes256", "certs": "x", "allow_spam_training": False}
    return (
        api.takes("POST /account/crypto", pgp, {**pgp, "type": "sMIME"}, {"type": "disabled"})
        and not api.takes("POST /account/crypto", {"type": "pGP", "algo": "Aes256", "certs": "x"})
        and api.answers("POST /account/crypto", 2, None)
        and not api.answers("POST /account/crypto", "2")
        and api.answers("GET /account/crypto", pgp)
    )


@row
def row_25_a_queued_message_has_recipients_with_a_status_of_their_own(api: Api) -> bool:
    recipient = {"address": "a@example.org", "queue": "default", "status": {"temp_fail": "busy"}}
    when = "2026-01-02T03:04:05Z"
    message = {"id": 2**63 - 1, "return_path": "", "created": when, "size": 1, "blob_hash": "x"}
    line = "GET /queue/messages/{message_id}"
    good = {**message, "recipients": [recipient, {**recipient, "status": "scheduled"}]}
    return api.answers(line, good) and not api.answers(line, {**message, "recipients": [{"status": 1}]})


@row
def row_26_stopping_and_starting_tell_what_was_before(api: Api) -> bool:
    lines = [api.operation(f"PATCH /queue/status/{word}") for word in ("stop", "start")]
    return all("before" in each["responses"]["200"]["description"] for each in lines)


@row
def row_27_new_rules_have_a_version_and_two_flags(api: Api) -> bool:
    line = "GET /update/spam-filter"
    flags = api.query(line) == {"overwrite": _FLAG, "force": _FLAG}
    return api.answers(line, "2.0.1", None) and not api.answers(line, {}) and flags


@row
def row_28_a_reload_tells_what_is_wrong_with_which_key(api: Api) -> bool:
    good = {
        "warnings": {"a": {"type": "appliedDefault", "default": "1"}},
        "errors": {"b": {"type": "macro", "error": "x"}},
    }
    wrong = {"warnings": {"a": {"type": "other"}}, "errors": {}}
    return api.answers("GET /reload", good) and not api.answers("GET /reload", wrong)


@row
def row_29_what_is_known_of_an_event_is_a_map_and_several_traces_are_lists(api: Api) -> bool:
    event: JSON = {"type": "smtp.connect", "createdAt": "2026-01-02T03:04:05Z", "data": {"listenerId": 7, "any": [{}]}}
    return api.answers("GET /telemetry/trace/{trace_id}", [], [event], [[event], []])


@row
def row_30_a_check_that_fails_has_details(api: Api) -> bool:
    schema = api.schema("CheckResult")
    return "details" in schema.get("properties", {}) and not api.fits(schema, {"type": "other"})


@row
def row_31_deleted_items_are_typed_and_so_is_what_became_of_them(api: Api) -> bool:
    when = "2026-01-02T03:04:05Z"
    item = {"hash": "x", "size": 1, "deletedAt": when, "expiresAt": when, "item": {"type": "fileNode", "name": "x"}}
    back: JSON = {"hash": "x", "collection": "email", "restoreTime": when}
    restore = "POST /store/undelete/{account_id}"
    came = [{"type": "success"}, {"type": "notFound"}, {"type": "error", "reason": "x"}]
    return (
        api.answers("GET /store/undelete/{account_id}", {"items": [item], "total": 1})
        and api.answers(restore, came)
        and not api.answers(restore, [{"type": "error"}])
        and api.takes(restore, [back, {**back, "cancelDeletion": None}])
        and not any(api.takes(restore, [{**back, name: None}]) for name in back)
    )


@row
def row_32_new_uids_are_told_as_two_numbers(api: Api) -> bool:
    line = "DELETE /store/uids/{account_id}"
    return api.answers(line, [1, 2]) and not api.answers(line, [1]) and not api.answers(line, [1, 2, 3])


@row
def row_33_reindexing_names_the_index(api: Api) -> bool:
    old = api.operation("GET /store/reindex").get("x-until")
    return old == "0.14.1" and bool(api.operation("GET /store/reindex/{index}"))


@row
def row_34_algorithms_are_words(api: Api) -> bool:
    dkim = {"algorithm": "Ed25519", "domain": "example.org"}
    algorithm = api.schema("EncryptionAlgorithm").get("enum")
    return (
        api.takes("POST /dkim", dkim)
        and not api.takes("POST /dkim", {**dkim, "algorithm": "ed25519"})
        and algorithm == ["Aes128", "Aes256"]
    )


@row
def row_35_every_operation_can_be_refused_in_both_ways(api: Api) -> bool:
    every = all(set(each["responses"]) >= _REFUSALS for each in api.operations())
    problems = all(
        list(api.content("GET /principal", status)) == ["application/problem+json"] for status in ("402", "403")
    )
    return every and problems


_MISSING = {
    "GET /principal": "filter type fields count tenant",
    "GET /queue/messages": "text from to queue before after range-start range-end",
    "PATCH /queue/messages": "text from to queue before after page limit range-start range-end max-total at",
    "DELETE /queue/messages": "from to queue before after page limit range-start range-end max-total",
    "PATCH /queue/messages/{message_id}": "at filter",
    "DELETE /queue/messages/{message_id}": "filter",
    "GET /queue/reports": "domain type range-start range-end",
    "GET /reports/dmarc": "text range-start range-end",
    "GET /reports/tls": "text range-start range-end",
    "GET /reports/arf": "text range-start range-end",
    "GET /telemetry/metrics": "before",
    "GET /telemetry/traces": "queue_id filter after before",
    "GET /logs": "filter",
    "GET /troubleshoot/delivery/{recipient}": "timeout",
    "GET /reload/": "dry-run",
    "GET /update/spam-filter": "overwrite force",
    "GET /settings/list": "page limit",
    "GET /settings/group": "field filter",
    "GET /store/blobs/{blob_id}": "offset",
}


@row
def row_36_no_query_parameter_is_missing(api: Api) -> bool:
    live = {"remote-ip", "account-name", "domain", "from"} <= set(api.query("GET /telemetry/traces/live"))
    flags = [api.query(line).get("values") for line in ("GET /queue/messages", "GET /telemetry/traces")]
    twice = any(len(names) != len(set(names)) for names in map(api.parameters, api.lines()))
    return (
        live
        and not twice
        and flags == [_FLAG] * 2
        and all(set(names.split()) <= set(api.query(line)) for line, names in _MISSING.items())
    )


@row
def row_37_there_are_99_operations_each_with_its_evidence(api: Api) -> bool:
    found = list(api.operations())
    told = all("x-source" in each or "x-evidence" in each for each in found)
    return len(found) == 99 and told
