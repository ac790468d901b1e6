"""The sections of the scenario about accounts, addresses, passwords, domains and the server itself."""

from __future__ import annotations

from datetime import UTC, datetime

from scenario_data import CERTIFICATE, CERTIFICATE_KEY, GHOST, PASSWORD, id_of, totp_code, wrong_totp_code
from scenario_recorder import Recorder

People = dict[str, str]


def users(do: Recorder) -> People:
    do.section = "users"
    mark = do.mark
    ada = do(
        "users.create",
        username=f"{mark}ada",
        password=PASSWORD,
        address=f"ada@{mark}.test",
        name="Ada Lovelace",
        quota=10_000_000,
        tags=["green", "Blue"],
        meta_data={"k": 1},
    )
    bob = do("users.create", username=f"{mark}bob", password=PASSWORD, empty_address=True)
    cleo = do("users.create", username=f"{mark}cleo", password=False, address=f"cleo@{mark}.test", tags=["blue"])
    people = {"ada": id_of(ada), "bob": id_of(bob), "cleo": id_of(cleo)}
    do("users.create", username=f"{mark}ada", password=PASSWORD)
    do("users.create", username=f"{mark}dan", password=PASSWORD, address=f"ADA@{mark}.test")
    do("users.create", username="no name!", password=PASSWORD)
    do("users.create", username=f"{mark}dan", password=PASSWORD, quota=-1)
    do("users.get", people["ada"])
    do("users.get", people["cleo"])
    do("users.get", GHOST)
    do("users.get", "not-an-id")
    do("users.resolve", f"{mark}ada")
    do("users.resolve", f"{mark}nobody")
    first = do("users.list", query=mark, limit=2)
    second = do("users.list", query=mark, limit=2, cursor={"next": getattr(first, "next_cursor", None)})
    do("users.list", query=mark, limit=2, cursor={"previous": getattr(second, "previous_cursor", None)})
    do("users.list", query=mark, tags=["green", "red"])
    do("users.list", query=mark, required_tags=["green", "blue"])
    do("users.list", query=mark, limit=0)
    do("users.list", query=mark, meta_data=True)
    do("users.update", people["ada"], name="Ada King", quota=20_000_000, tags=["green"], spam_level=70)
    do("users.get", people["ada"])
    do("users.update", people["ada"], existing_password="wrong", password="another horse battery")
    do("users.update", people["ada"], existing_password=PASSWORD, password="another horse battery")
    do("users.update", GHOST, name="Nobody")
    do("users.update", people["bob"], disabled_scopes=["pop3"], targets=[f"bob@{mark}.example"])
    do("users.get", people["bob"])
    return people


def addresses(do: Recorder, people: People) -> None:
    do.section = "addresses"
    mark, ada = do.mark, people["ada"]
    alias = do("addresses.create", ada, address=f"alias@{mark}.test", name="Countess", tags=["t1"])
    do("addresses.create", ada, address=f"alias@{mark}.test")
    do("addresses.create", people["bob"], address=f"cleo@{mark}.test")
    do("addresses.create", ada, address="no address")
    do("addresses.create", ada, address=f"*@wild.{mark}.test")
    wild = do("addresses.create", ada, address=f"*@wild.{mark}.test", allow_wildcard=True)
    do("addresses.create", GHOST, address=f"ghost@{mark}.test")
    do("addresses.list", ada)
    do("addresses.get", ada, id_of(alias))
    do("addresses.get", people["bob"], id_of(alias))
    do("addresses.update", ada, id_of(alias), main=True, name="The Countess", tags=["t2"])
    do("users.get", ada)
    do("addresses.list", ada)
    do("addresses.delete", ada, id_of(alias))
    do("addresses.delete", ada, id_of(wild))
    do("addresses.delete", ada, GHOST)
    do("addresses.create", ada, address=f"extra@{mark}.test", tags=["t3"])
    do("addresses.search", query=f"@{mark}.test", limit=3)
    do("addresses.search", query=mark, tags=["t3"])
    do("addresses.resolve", f"extra@{mark}.test")
    do("addresses.resolve", f"nobody@{mark}.test")


def forwarded_addresses(do: Recorder) -> None:
    do.section = "forwarded addresses"
    mark = do.mark
    made = do(
        "addresses.create_forwarded",
        address=f"team@{mark}.test",
        name="Team",
        targets=[f"one@{mark}.example", f"two@{mark}.example"],
        forwards=100,
        tags=["f1"],
    )
    do("addresses.create_forwarded", address=f"team@{mark}.test", targets=[f"one@{mark}.example"])
    do("addresses.create_forwarded", address=f"other@{mark}.test", targets=["nowhere"])
    do("addresses.get_forwarded", id_of(made))
    do("addresses.get_forwarded", GHOST)
    do("addresses.update_forwarded", id_of(made), name="The team", targets=[f"three@{mark}.example"], forwards=7)
    do("addresses.get_forwarded", id_of(made))
    do("addresses.resolve", f"team@{mark}.test")
    do("addresses.delete_forwarded", id_of(made))
    do("addresses.delete_forwarded", id_of(made))


def authentication(do: Recorder, people: People) -> None:
    do.section = "authentication"
    mark, ada = do.mark, people["ada"]
    come = {"protocol": "scenario", "ip": "192.0.2.7", "sess": "session-7"}
    do("authentication.authenticate", username=f"{mark}ada", password="another horse battery", **come)
    do("authentication.authenticate", username=f"alias@{mark}.test", password="another horse battery", **come)
    do("authentication.authenticate", username=f"extra@{mark}.test", password="another horse battery", **come)
    do("authentication.authenticate", username=f"{mark}ada", password=PASSWORD, **come)
    do("authentication.authenticate", username=f"{mark}nobody", password=PASSWORD, **come)
    do("authentication.authenticate", username=f"{mark}cleo", password=PASSWORD, **come)
    do("authentication.pre_authenticate", username=f"{mark}ada")
    do("authentication.pre_authenticate", username=f"{mark}nobody")
    log = do("authentication.list_log", ada, vague=["key"])
    do("authentication.list_log", ada, action="authentication", limit=1, vague=["key"])
    do("authentication.list_log", GHOST)
    entry = log.items[0].id if log is not None and log.items else GHOST
    do("authentication.get_log_event", ada, entry, vague=["key"])
    do("authentication.get_log_event", ada, GHOST)
    do("users.reset_password", people["bob"])
    do("users.reset_password", GHOST)
    do("users.logout", ada, reason="Maintenance")
    do("users.logout", GHOST)


def two_factor(do: Recorder, people: People) -> None:
    do.section = "two factors"
    mark, ada = do.mark, people["ada"]
    password = "another horse battery"
    do("two_factor.enable_totp", ada, token="123456")
    setup = do("two_factor.setup_totp", ada, issuer="Scenario", label="ada@scenario.test")
    secret = getattr(setup, "seed", None) or "JBSWY3DPEHPK3PXP"
    do("two_factor.enable_totp", ada, token=wrong_totp_code(secret))
    do("two_factor.enable_totp", ada, token=totp_code(secret))
    do("two_factor.setup_totp", ada, issuer="Scenario")
    do("users.get", ada)
    do("authentication.authenticate", username=f"{mark}ada", password=password)
    login = do("authentication.authenticate", username=f"{mark}ada", password=password, token=True)
    nonce = getattr(login, "totp_nonce", None) or "0" * 40
    do("two_factor.check_totp", ada, token=wrong_totp_code(secret), totp_nonce=nonce)
    do("two_factor.check_totp", ada, token=totp_code(secret, steps=1), totp_nonce=nonce)
    do("two_factor.check_totp", ada, token=totp_code(secret, steps=1), totp_nonce=nonce)
    do("two_factor.disable_totp", ada)
    do("two_factor.disable_totp", ada)
    do("authentication.authenticate", username=f"{mark}ada", password=password)
    do("two_factor.enable_custom", ada)
    do("users.get", ada)
    do("two_factor.disable_custom", ada)
    do("two_factor.disable", ada)
    do("two_factor.list_webauthn", ada)
    do("two_factor.setup_totp", GHOST, issuer="Scenario")


def application_passwords(do: Recorder, people: People) -> None:
    do.section = "application passwords"
    mark, ada = do.mark, people["ada"]
    made = do("application_passwords.create", ada, description="Laptop", scopes=["imap", "smtp"])
    do("application_passwords.create", ada, description="Telephone", scopes=["*"], ttl=3600)
    do("application_passwords.create", ada, description="Nothing", scopes=["telepathy"])
    do("application_passwords.create", GHOST, description="Laptop")
    do("application_passwords.list", ada)
    do("application_passwords.get", ada, id_of(made))
    secret = getattr(made, "password", None) or "aaaabbbbccccdddd"
    do("authentication.authenticate", username=f"{mark}ada", password=secret, scope="imap", protocol="IMAP")
    do("authentication.authenticate", username=f"{mark}ada", password=secret, scope="pop3", protocol="POP3")
    do("application_passwords.get", ada, id_of(made))
    do("application_passwords.delete", ada, id_of(made))
    do("application_passwords.delete", ada, id_of(made))
    do("application_passwords.get", ada, id_of(made))
    do("authentication.authenticate", username=f"{mark}ada", password=secret, scope="imap", protocol="IMAP")


def autoreply(do: Recorder, people: People) -> None:
    do.section = "autoreply"
    ada = people["ada"]
    do("autoreply.get", ada)
    do(
        "autoreply.update",
        ada,
        status=True,
        name="Ada",
        subject="Away",
        text="Back on Monday",
        start=datetime(2024, 1, 1, tzinfo=UTC),
        end=datetime(2024, 1, 8, tzinfo=UTC),
    )
    do("autoreply.get", ada)
    do("autoreply.update", ada, status=False, end=False)
    do("autoreply.get", ada)
    do("autoreply.delete", ada)
    do("autoreply.get", ada)
    do("autoreply.update", GHOST, status=True)


def domains(do: Recorder) -> None:
    do.section = "domains"
    mark = do.mark
    alias = do("domain_aliases.create", alias=f"{mark}.alias", domain=f"{mark}.test")
    do("domain_aliases.create", alias=f"{mark}.alias", domain=f"{mark}.test")
    do("domain_aliases.list", query=mark)
    do("domain_aliases.get", id_of(alias))
    do("domain_aliases.resolve", f"{mark}.alias")
    do("authentication.authenticate", username=f"ada@{mark}.alias", password="another horse battery")
    do("domain_aliases.delete", id_of(alias))
    do("domain_aliases.get", id_of(alias))
    do("domain_aliases.resolve", f"{mark}.alias")
    key = do("dkim.save", domain=f"{mark}.test", selector="s2024", description="Key", vague=["value"])
    do("dkim.list", query=mark)
    do("dkim.get", id_of(key), vague=["value"])
    do("dkim.resolve", f"{mark}.test")
    do("dkim.save", domain=f"{mark}.test", selector="s2025", vague=["value"])
    do("dkim.list", query=mark)
    do("dkim.save", domain=f"{mark}.test", selector="s1", private_key="no key at all")
    do("dkim.delete", id_of(key))
    do("dkim.get", id_of(key))
    tag = f"{mark}tag"
    do("domain_access.allow", tag, domain=f"good.{mark}.test")
    bad = do("domain_access.block", tag, domain=f"bad.{mark}.test")
    do("domain_access.list_allowed", tag)
    do("domain_access.list_blocked", tag)
    do("domain_access.allow", tag, domain=f"bad.{mark}.test")
    do("domain_access.list_blocked", tag)
    do("domain_access.list_allowed", tag)
    do("domain_access.delete", id_of(bad))
    do("domain_access.delete", id_of(bad))
    do("addresses.rename_domain", old_domain=f"{mark}.test", new_domain=f"{mark}.example")
    do("addresses.search", query=f"@{mark}.example")


def server_side(do: Recorder, people: People) -> None:
    do.section = "server"
    do("settings.update", "const:asp:limit", value=40)
    do("settings.get", "const:asp:limit")
    # What people read about a setting is prose of the server, and the mock has words of its own.
    do("settings.list", filter_="asp:limit", vague=["description"])
    do("settings.get", "const:nothing:such")
    hook = do("webhooks.create", type=["2fa.totp.enabled"], url="http://127.0.0.1:1/hook", user=people["cleo"])
    do("webhooks.list", user=people["cleo"])
    do("webhooks.create", type=["2fa.totp.enabled"], url="no address")
    do("webhooks.delete", id_of(hook))
    do("webhooks.delete", id_of(hook))
    do("webhooks.list", user=people["cleo"])
    saved = do(
        "certificates.save",
        servername="imap.scenario.test",
        private_key=CERTIFICATE_KEY,
        cert=CERTIFICATE,
        description="For the scenario",
    )
    do("certificates.get", id_of(saved))
    do("certificates.resolve", "imap.scenario.test")
    do("certificates.list", query="imap.scenario")
    do("certificates.save", servername="pop.scenario.test", private_key="no key", cert="no certificate")
    do("certificates.delete", id_of(saved))
    do("certificates.get", id_of(saved))
    do("certificates.resolve", "imap.scenario.test")


def leaving(do: Recorder, people: People) -> None:
    do.section = "leaving"
    mark, cleo = do.mark, people["cleo"]
    later = datetime(2090, 1, 1, tzinfo=UTC)
    do("users.get_deleted", cleo)
    do("users.delete", cleo, delete_after=later)
    do("users.get", cleo)
    do("users.list", query=mark)
    do("users.get_deleted", cleo)
    do("users.restore", cleo)
    do("users.get", cleo)
    do("addresses.list", cleo)
    do("users.delete", GHOST)
    for name in ("ada", "bob", "cleo"):
        do("users.delete", people[name])
    do("users.get", people["ada"])
    do("users.list", query=mark)
