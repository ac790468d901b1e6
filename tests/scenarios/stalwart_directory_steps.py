"""The directory in the life of a Stalwart: domains, people, groups, lists, roles, tenants and API keys."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from mailwright_stalwart.v0_15 import models
from stalwart_steps import NUMBER, Cast, Step, Steps, each, only, refused

HASH, OTHER_HASH = "$6$salt$hash", "$6$salt$other"
NO_CHANGE = refused(
    "InvalidRequest", "other", details="Invalid parameter", reason="there is no set of members with such a value"
)


def digest(secret: str) -> str:
    return "{SHA256}" + base64.b64encode(hashlib.sha256(secret.encode()).digest()).decode()


def taken(field: str) -> dict[str, Any]:
    return refused("Conflict", "fieldAlreadyExists", field=field, value="***")


def missing(item: str) -> dict[str, Any]:
    return refused("NotFound", "notFound", item=item)


def created(mail: Any, new: Any, **gives: Any) -> Steps:
    """Creates a principal and reads it back; what it has beside number, name and use is told."""
    kind = new.__struct_config__.tag
    number = yield Step(f"create {kind} {new.name}", lambda: mail.principals.create(new), NUMBER)
    whole = {"type": kind, "id": number, "name": new.name.lower(), "usedQuota": 0, **gives}
    # Names are kept in small letters, and found in these alone.
    yield Step(f"read {kind} {new.name}", lambda: mail.principals.get(new.name.lower()), whole)


def changed(mail: Any, name: str, title: str, *changes: Any, **gives: Any) -> Steps:
    """Changes a principal and reads these fields back; those that are None are gone."""
    yield Step(title, lambda: mail.principals.update(name, [*changes]), None)
    left = {field: value for field, value in gives.items() if value is not None}
    yield Step(f"{title}: done", lambda: mail.principals.get(name), left, only(*gives))


def deleted(mail: Any, name: str) -> Steps:
    yield Step(f"delete {name}", lambda: mail.principals.delete(name), None)
    yield Step(f"{name} is gone", lambda: mail.principals.get(name), missing(name))


def domain_steps(cast: Cast) -> Steps:
    mail = cast.mail
    yield Step("nobody without a token", cast.stranger.queue.is_running, refused("AuthenticationFailed", status=401))
    yield Step("no domain at first", lambda: mail.principals.list(), [])
    yield from created(mail, models.NewDomain(name="Example.ORG", description="Ours"), description="Ours", members=0)
    first = {"report.domain": "example.org"}
    yield Step("the first domain reports", lambda: mail.settings.get(keys="report.domain"), first)
    yield from created(mail, models.NewDomain(name="zeta.example"), members=0)
    yield from created(mail, models.NewDomain(name="alpha.example"), members=0)
    names = ["alpha.example", "example.org", "zeta.example"]
    yield Step("domains by name", lambda: mail.principals.list(types="domain", limit=2), names, each("name"))
    yield Step(
        "a second domain of a name", lambda: mail.principals.create(models.NewDomain(name="example.org")), taken("name")
    )
    no_name = refused("InvalidRequest", "fieldMissing", field="name")
    yield Step("a domain without a name", lambda: mail.principals.create(models.NewDomain(name="")), no_name)
    too_long = models.NewDomain(name="long.example", description="x" * 513)
    yield Step(
        "a description too long", lambda: mail.principals.create(too_long), refused("InvalidRequest", status=400)
    )
    yield Step("a domain that is not there", lambda: mail.principals.get("none.example"), missing("none.example"))
    yield from deleted(mail, "zeta.example")


def people_steps(cast: Cast) -> Steps:
    mail = cast.mail
    yield from created(mail, models.NewGroup(name="sales"))
    yield from created(
        mail, models.NewRole(name="clerk", enabled_permissions=["authenticate"]), enabledPermissions=["authenticate"]
    )
    jane = models.NewIndividual(
        name="Jane",
        secrets=[HASH],
        emails=["Jane@example.org"],
        member_of=["sales"],
        roles=["user", "clerk"],
        quota=1000,
    )
    kept = {"secrets": [HASH], "emails": ["jane@example.org"], "memberOf": ["sales"], "roles": ["user", "clerk"]}
    yield from created(mail, jane, quota=1000, **kept)
    joe = models.NewIndividual(name="joe", secrets=[HASH], emails=["joe@example.org"])
    yield from created(mail, joe, secrets=[HASH], emails=["joe@example.org"])
    yield Step("the domain has two", lambda: mail.principals.get("example.org"), {"members": 2}, only("members"))
    yield Step("the role has one", lambda: mail.principals.get("clerk"), {"members": ["jane"]}, only("members"))
    cat = models.NewIndividual(name="cat", emails=["cat@none.example"])
    yield Step("an address of no domain", lambda: mail.principals.create(cat), missing("none.example"))
    ann = models.NewIndividual(name="ann", emails=["joe@example.org"])
    yield Step("an address that is taken", lambda: mail.principals.create(ann), taken("emails"))
    yield Step(
        "a group that is not there",
        lambda: mail.principals.create(models.NewIndividual(name="cat", member_of=["none"])),
        missing("none"),
    )
    yield Step(
        "none of the three is there", lambda: mail.principals.list(types="individual"), ["jane", "joe"], each("name")
    )
    deployed = yield Step("deploy", lambda: mail.principals.deploy(models.NewIndividual(name="bob")), NUMBER)
    yield Step(
        "deployed", lambda: mail.principals.get("bob"), {"id": deployed, "type": "individual"}, only("id", "type")
    )
    yield Step(
        "hashes are not listed",
        lambda: mail.principals.list(filter_="jane@"),
        [{"name": "jane"}],
        only("name", "secrets"),
    )
    yield Step(
        "but for who asks",
        lambda: mail.principals.list(filter_="jane@", fields="secrets"),
        [{"secrets": [HASH]}],
        only("name", "secrets"),
    )
    yield Step("a count has no items", lambda: mail.principals.list(count=True), [])


def change_steps(cast: Cast) -> Steps:
    mail = cast.mail
    set_, add, remove = models.SetField, models.AddItem, models.RemoveItem
    yield from changed(mail, "joe", "describe joe", set_(field_="description", value="Joe Doe"), description="Joe Doe")
    yield from changed(mail, "joe", "a quota", set_(field_="quota", value=5000), quota=5000)
    yield from changed(mail, "joe", "no quota", set_(field_="quota", value=""), quota=None)
    yield from changed(
        mail, "joe", "a second password takes the place", add(field_="secrets", value=OTHER_HASH), secrets=[OTHER_HASH]
    )
    yield from changed(
        mail,
        "joe",
        "an app password",
        add(field_="secrets", value=f"$app$phone${OTHER_HASH}"),
        secrets=[OTHER_HASH, f"$app$phone${OTHER_HASH}"],
    )
    yield from changed(
        mail, "joe", "no app password", remove(field_="secrets", value="$app$phone$"), secrets=[OTHER_HASH]
    )
    more = ["joe@example.org", "info@example.org"]
    yield from changed(mail, "joe", "a second address", add(field_="emails", value="Info@example.org"), emails=more)
    yield from changed(
        mail,
        "joe",
        "two at once",
        remove(field_="emails", value="info@example.org"),
        set_(field_="locale", value="de"),
        emails=more[:1],
        locale="de",
    )
    yield from changed(mail, "sales", "a member", add(field_="members", value="joe"), members=["jane", "joe"])
    yield Step("who has the group", lambda: mail.principals.get("joe"), {"memberOf": ["sales"]}, only("memberOf"))
    yield Step("rename the group", lambda: mail.principals.update("sales", [set_(field_="name", value="Trade")]), None)
    yield Step("its members follow", lambda: mail.principals.get("jane"), {"memberOf": ["trade"]}, only("memberOf"))
    yield Step(
        "a change that is none",
        lambda: mail.principals.update(
            "trade", [set_(field_="description", value="x"), set_(field_="members", value="joe")]
        ),
        NO_CHANGE,
    )
    yield Step(
        "leaves all as it was",
        lambda: mail.principals.get("trade"),
        {"members": ["jane", "joe"]},
        only("description", "members"),
    )
    yield Step(
        "a name that is taken",
        lambda: mail.principals.update("joe", [set_(field_="name", value="jane")]),
        taken("name"),
    )
    yield Step(
        "a change of nobody",
        lambda: mail.principals.update("nobody", [set_(field_="quota", value=1)]),
        missing("nobody"),
    )
    everybody = models.NewMailingList(
        name="all", members=["jane", "joe"], external_members=["x@example.com"], emails=["all@example.org"]
    )
    yield from created(
        mail, everybody, emails=["all@example.org"], externalMembers=["x@example.com"], members=["jane", "joe"]
    )
    yield Step("who has the list", lambda: mail.principals.get("joe"), {"lists": ["all"]}, only("lists"))
    yield from created(mail, models.NewLocation(name="attic"))
    yield from created(
        mail, models.NewResource(name="van", urls=["https://example.org/van"]), urls=["https://example.org/van"]
    )
    yield from created(
        mail, models.NewOauthClient(name="webmail", urls=["https://example.org/cb"]), urls=["https://example.org/cb"]
    )


def tenant_steps(cast: Cast) -> Steps:
    mail = cast.mail
    new = models.NewTenant(name="acme", quota=[9000, 5])
    unsupported = refused("InvalidRequest", "unsupported", details="Enterprise feature")
    yield Step("no tenant in the open edition", lambda: cast.open.principals.create(new), unsupported)
    yield Step("none to be listed either", lambda: cast.open.principals.list(types="tenant"), unsupported)
    yield from created(mail, new, quota=[9000, 5], members=0)
    yield from created(mail, models.NewIndividual(name="eve", tenant="acme"), tenant="acme")
    yield Step("the tenant has one", lambda: mail.principals.get("acme"), {"members": 1}, only("members"))
    yield Step("who is of the tenant", lambda: mail.principals.list(tenant="acme"), ["eve"], each("name"))
    nowhere = models.NewIndividual(name="dan", tenant="none")
    yield Step("of a tenant that is not there", lambda: mail.principals.create(nowhere), missing("none"))
    used = refused("InvalidRequest", "other", details="Tenant has members", reason="there are principals of acme")
    yield Step("a tenant with members stays", lambda: mail.principals.delete("acme"), used)
    yield from deleted(mail, "eve")
    yield from deleted(mail, "acme")


def key_steps(cast: Cast) -> Steps:
    mail, robot = cast.mail, cast.robot
    unknown = refused("AuthenticationFailed", status=401)
    yield Step("a key that is not there yet", robot.queue.is_running, unknown)
    first, second = digest("s3cret"), digest("other")
    yield from created(
        mail, models.NewApiKey(name="robot", secrets=[first], roles=["admin"]), secrets=[first], roles=["admin"]
    )
    yield Step("the key opens", robot.queue.is_running, True)
    set_ = models.SetField
    yield from changed(mail, "robot", "another secret", set_(field_="secrets", value=[second]), secrets=[second])
    yield Step("the old secret does not", robot.queue.is_running, unknown)
    yield from changed(mail, "robot", "the old secret again", set_(field_="secrets", value=[first]), secrets=[first])
    yield Step("it opens again", robot.queue.is_running, True)
    yield from deleted(mail, "robot")
    yield Step("a key that is gone", robot.queue.is_running, unknown)


def leaving_steps(cast: Cast) -> Steps:
    mail = cast.mail
    used = refused(
        "InvalidRequest", "other", details="Domain has members", reason="there are principals of example.org"
    )
    yield Step("a domain with members stays", lambda: mail.principals.delete("example.org"), used)
    yield Step("delete some", lambda: mail.principals.delete_all(type_="individual", confirm=True, filter_="jo"), True)
    yield Step(
        "the others stay", lambda: mail.principals.list(types="individual"), ["bob", "ivy", "jane"], each("name")
    )
    yield Step("who left is no member", lambda: mail.principals.get("trade"), {"members": ["jane"]}, only("members"))
    kinds = ("individual", "group", "list", "role", "location", "resource", "oauthClient", "domain")
    for kind in kinds:
        yield Step(
            f"delete each {kind}",
            lambda kind=kind: mail.principals.delete_all(type_=kind, confirm=True, everything=True),
            True,
        )
    yield Step(
        "delete where none is", lambda: mail.principals.delete_all(type_="group", confirm=True, everything=True), False
    )
    yield Step("nothing is left", lambda: mail.principals.list(), [])
