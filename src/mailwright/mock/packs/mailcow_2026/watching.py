"""What there is to watch: a server that is well and idle."""

from __future__ import annotations

from mailwright.mock.call import Answer, Call
from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026.entries import Write, delete, get

_CONTAINERS = (
    *("acme", "clamd", "dockerapi", "dovecot", "memcached", "mysql", "netfilter", "nginx", "ofelia", "olefy"),
    *("php-fpm", "postfix", "redis", "rspamd", "sogo", "unbound", "watchdog"),
)
_STARTED = "2026-08-05T07:00:00.000000000Z"
_HOST: JsonObject = {
    "cpu": {"cores": 4, "usage": 3},
    "memory": {"total": 8_000_000_000, "usage": 40, "swap": []},
    "uptime": 86400,
    "system_time": "05.08.2026 09:00:00",
    "architecture": "x86_64",
}
_STORAGE = {"type": "info", "disk": "/dev/sda1", "used": "1G", "total": "10G", "used_percent": "10%"}
_SIEVE_PRESETS = (
    {
        "name": "sieve_1",
        "headline": "Keep mail of one sender in a folder",
        "content": 'require "fileinto";\nif address :is "from" "boss@example.org" {\n  fileinto "Boss";\n}',
    },
    {"name": "sieve_2", "headline": "Throw everything away", "content": "discard;"},
)
_RSPAMD_PRESETS = (
    {
        "name": "preset_1",
        "headline": "Leave mail to a domain alone",
        "content": 'priority = 10;\nrcpt = "/@example\\.org$/";\nwant_spam = yes;',
    },
)


def reset_rate(call: Call) -> None:
    """Forgets how much was sent; there is nothing to forget, which an answer without a body says."""
    _reset(call)
    if call.answer is not None and call.answer.body == {"type": "success", "msg": "Task completed"}:
        call.answer = Answer({}, content=b"", media_type="application/json")


@delete("ratelimit", "delete", items="hash")
def _reset(write: Write, item: Json) -> None:
    return None


def _containers(call: Call) -> Json:
    found: JsonObject = {}
    for each in _CONTAINERS:
        state = {"type": "info", "container": f"{each}-mailcow", "state": "running", "started_at": _STARTED}
        found[f"{each}-mailcow"] = {**state, "image": f"ghcr.io/mailcow/{each}:latest"}
    return found


def _last_logins(call: Call) -> Json:
    return {"ui": False, "sasl": []}


HOOKS: dict[str, Hook] = {
    "reset_rate": reset_rate,
    "get_containers": get(_containers),
    "get_container": get(lambda call: {"id": str(call.path["id"]), "cpu_stats": {}, "memory_stats": {}}),
    "get_mail_storage": get(lambda call: dict(_STORAGE)),
    "get_host": get(lambda call: dict(_HOST)),
    "get_host_addresses": get(lambda call: {"ipv4": "192.0.2.1", "ipv6": "2001:db8::1"}),
    "get_version": get(lambda call: {"version": None}),
    "get_rspamd_stats": get(lambda call: dict.fromkeys(("scanned", "learned", "ham_count", "spam_count"), 0)),
    "get_rspamd_actions": get(lambda call: None),
    "list_sieve_presets": get(lambda call: [dict(each) for each in _SIEVE_PRESETS]),
    "list_rspamd_presets": get(lambda call: [dict(each) for each in _RSPAMD_PRESETS]),
    "get_last_logins": get(_last_logins),
    "reset_last_logins": get(lambda call: True),
    "get_active_sieve": get(lambda call: None),
}
