"""No password leaves a client of Stalwart in clear text, unless the caller says so: the server stores it as it is."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from mailwright_stalwart.v0_15 import AsyncStalwart, Stalwart, models
from passlib.hash import sha512_crypt

from mailwright.mock import AsyncMockBackend, Mock, MockBackend, Request, Response
from mailwright.recipes.stalwart_passwords import in_clear_text
from mailwright.runtime import UsageError
from mailwright.targets import bundled_document

URL = "http://127.0.0.1/api"
PASSWORD = "hunter2hunter2"
KEPT = ["$6$salt$hash", "{SSHA256}hash", "otpauth://totp/x?secret=ABC", in_clear_text(PASSWORD)]
NEW = [
    *(models.NewIndividual, models.NewGroup, models.NewResource, models.NewLocation, models.NewMailingList),
    *(models.NewDomain, models.NewTenant, models.NewRole, models.NewApiKey, models.NewOauthClient),
]
Send = Callable[..., Any]


class Ear(Mock):
    """A mock that keeps the last body, which its journal shows without secrets."""

    body: Any = None

    def handle(self, request: Request) -> Response:
        self.body = json.loads(request.content) if request.content else None
        return super().handle(request)


@pytest.fixture
def mock() -> Ear:
    return Ear(bundled_document("stalwart-0.15"), token="t", edition="enterprise")


@pytest.fixture(params=["sync", "async"])
def send(request: pytest.FixtureRequest, mock: Ear) -> Send:
    """Calls a method with one of the two clients, and gives the body that was sent."""

    def at_once(resource: str, method: str, *given: Any, **options: Any) -> Any:
        with Stalwart(URL, token="t", backend=MockBackend(mock), **options) as mail:
            getattr(getattr(mail, resource), method)(*given)

    async def awaited(resource: str, method: str, *given: Any, **options: Any) -> Any:
        async with AsyncStalwart(URL, token="t", backend=AsyncMockBackend(mock), **options) as mail:
            await getattr(getattr(mail, resource), method)(*given)

    def call(*path: Any, **options: Any) -> Any:
        at_once(*path, **options) if request.param == "sync" else asyncio.run(awaited(*path, **options))
        return mock.body

    return call


def is_hash(sent: str) -> bool:
    return sent.startswith("$6$") and bool(sha512_crypt.verify(PASSWORD, sent))


@pytest.mark.parametrize("kind", NEW, ids=lambda kind: kind.__name__)
def test_the_password_of_a_new_principal_is_hashed(send: Send, kind: Any) -> None:
    given = kind(name="jane.example", secrets=[PASSWORD, "$6$salt$hash"], description=PASSWORD)
    sent = send("principals", "create", given)
    assert is_hash(sent["secrets"][0])
    assert sent["secrets"][1] == "$6$salt$hash"
    assert sent["description"] == PASSWORD
    assert given.secrets[0] == PASSWORD


def test_one_that_is_deployed_is_no_exception(send: Send) -> None:
    assert is_hash(send("principals", "deploy", models.NewIndividual(name="jane", secrets=[PASSWORD]))["secrets"][0])


def test_changes_of_secrets_are_hashed_and_no_others(send: Send) -> None:
    send("principals", "create", models.NewIndividual(name="jane"))
    told = send(
        "principals",
        "update",
        "jane",
        [
            models.SetField(field_="secrets", value=[PASSWORD]),
            models.SetField(field_="secrets", value=PASSWORD),
            models.AddItem(field_="secrets", value=PASSWORD),
            models.AddItem(field_="urls", value=PASSWORD),
            models.SetField(field_="description", value=PASSWORD),
            models.SetField(field_="quota", value=5),
            models.RemoveItem(field_="secrets", value=PASSWORD),
        ],
    )
    values = [each["value"] for each in told]
    assert all(map(is_hash, (values[0][0], values[1], values[2])))
    assert values[3:] == [PASSWORD, PASSWORD, 5, PASSWORD]


def test_the_account_changes_its_own_passwords_to_hashes(mock: Ear) -> None:
    with Stalwart(URL, username="jane", password="t", backend=MockBackend(mock)) as mail:
        mail.account.change_credentials(
            [
                models.SetPassword(password=PASSWORD),
                models.AddAppPassword(name="phone", password=PASSWORD),
                models.EnableOtp(url="otpauth://totp/x?secret=ABC"),
                models.RemoveAppPassword(name="desk"),
            ]
        )
    password, app, code, _ = mock.body
    assert is_hash(password["password"])
    assert is_hash(app["password"])
    assert (app["name"], code["url"]) == ("phone", "otpauth://totp/x?secret=ABC")


@pytest.mark.parametrize("secret", KEPT)
def test_what_is_no_password_goes_as_it_is(send: Send, secret: str) -> None:
    assert send("principals", "create", models.NewIndividual(name="jane", secrets=[secret]))["secrets"] == [secret]


def test_of_an_app_password_the_password_is_hashed(send: Send) -> None:
    given = models.NewIndividual(name="jane", secrets=[f"$app$phone${PASSWORD}", "$app$desk$$6$salt$hash"])
    phone, desk = send("principals", "create", given)["secrets"]
    assert phone.startswith("$app$phone$$6$")
    assert is_hash(phone.removeprefix("$app$phone$"))
    assert desk == "$app$desk$$6$salt$hash"


def test_a_client_may_be_told_to_hash_nothing(send: Send) -> None:
    given = models.NewIndividual(name="jane", secrets=[PASSWORD])
    assert send("principals", "create", given, hash_passwords=False)["secrets"] == [PASSWORD]


def test_who_has_the_password_gets_in_with_it(mock: Ear) -> None:
    with Stalwart(URL, token="t", backend=MockBackend(mock)) as mail:
        mail.principals.create(models.NewApiKey(name="office", secrets=[PASSWORD], roles=["admin"]))
    token = "api_b2ZmaWNlOmh1bnRlcjJodW50ZXIy"
    with Stalwart(URL, token=token, backend=MockBackend(mock)) as office:
        assert office.principals.get("office").name == "office"


def test_without_the_library_nothing_is_sent_and_the_remedy_is_named(
    mock: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "passlib.hash", None)
    with Stalwart(URL, token="t", backend=MockBackend(mock)) as mail:
        with pytest.raises(UsageError, match=r"mailwright\[passwords\].*hash_passwords=False") as caught:
            mail.principals.create(models.NewIndividual(name="jane", secrets=[PASSWORD]))
        assert PASSWORD not in str(caught.value)
        assert list(mock.journal) == []
        mail.principals.create(models.NewIndividual(name="jane", secrets=["$6$salt$hash"]))
        mail.with_options(hash_passwords=False).principals.create(models.NewRole(name="x", secrets=[PASSWORD]))
