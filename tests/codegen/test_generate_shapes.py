"""Shapes of operations, each from its document to the request that the generated client sends."""

from __future__ import annotations

import asyncio
import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from shape_apis import AsyncEar, Ear, Told, client, models
from small_apis import api, checkout, generate_into

from mailwright.problem import Problem
from mailwright.runtime import Request, UsageError

Call = Callable[[Any], Any]
UTC = UTC
SENT: dict[str, tuple[str, Call, str, str, object]] = {
    "an array body is the positional argument body": (
        "bodies",
        lambda c: c.things.put_list(["a", "b"]),
        "PUT",
        "/lists",
        ["a", "b"],
    ),
    "a map is a dict": ("bodies", lambda c: c.things.post_map({"a b": 1}), "POST", "/lists", {"a b": 1}),
    "a body that is not required may be left out": ("bodies", lambda c: c.things.post_map(), "POST", "/lists", None),
    "inherited and nested fields are keywords": (
        "bodies",
        lambda c: c.things.create_person(
            label="x",
            number=7,
            home=models("bodies").NewHome(city="Ulm"),
            born=date(2000, 2, 29),
            kind="child",
            note=None,
            limit=False,
            others=[models("bodies").NewHome(city="Bonn", zip="53111")],
        ),
        "POST",
        "/people",
        {
            "label": "x",
            "id": 7,
            "home": {"city": "Ulm"},
            "others": [{"city": "Bonn", "zip": "53111"}],
            "born": "2000-02-29",
            "kind": "child",
            "note": None,
            "limit": False,
        },
    ),
    "fields that are not given are not sent": (
        "bodies",
        lambda c: c.things.create_person(label="x", home=models("bodies").NewHome(city="Ulm"), born=date.min),
        "POST",
        "/people",
        {"label": "x", "home": {"city": "Ulm"}, "born": "0001-01-01"},
    ),
    "path arguments come in the order of the path": (
        "parameters",
        lambda c: c.things.get_message("in box", 7),
        "GET",
        "/boxes/in%20box/messages/7/message.eml",
        None,
    ),
    "lists repeat their key unless explode is false": (
        "parameters",
        lambda c: c.things.search(if_match="1", colors=["red", "blue"], tag=["a", "b"]),
        "GET",
        "/search?colors=red&colors=blue&tag=a&tag=b",
        None,
    ),
    "scalars have a text form": (
        "parameters",
        lambda c: c.things.search(
            if_match="1",
            color="new",
            since=datetime(2018, 1, 20, 12, tzinfo=UTC),
            day=date(2018, 1, 20),
            uid="u",
            size=7,
            all_=False,
            mode='say "hi"',
        ),
        "GET",
        "/search?color=new&since=2018-01-20T12%3A00%3A00%2B00%3A00&day=2018-01-20&uid=u&size=7&all=false&mode=say%20%22hi%22",
        None,
    ),
    "reserved parameter names get an underscore": (
        "names",
        lambda c: c.things.list("a", 1, from_="f", type_=["t"], list_="l", a_b_c="x", client_query="y"),
        "GET",
        "/a/1?from=f&type=t&list=l&a-b.c=x&client=y",
        None,
    ),
    "reserved field names keep their name on the wire": (
        "names",
        lambda c: c.things.str("a", 1, from_="f", myself="s", type="t", list=["l"], field_=0, field_ref_like="r"),
        "PUT",
        "/a/1",
        {"from": "f", "self": "s", "type": "t", "list": ["l"], "field": 0, "$ref-like": "r"},
    ),
    "an operation without security sends no token": ("access", lambda c: c.open_doors.knock(), "GET", "/open", None),
    "an operation with optional security sends it": (
        "access",
        lambda c: c.open_doors.try_door(),
        "GET",
        "/either?api%20key=s3cret",
        None,
    ),
    "a token in the query needs no choice": (
        "access",
        lambda c: c.closed.enter(),
        "GET",
        "/closed?api%20key=s3cret",
        None,
    ),
    "an API without security has no token": ("nobody", lambda c: c.things.ping(), "GET", "/", None),
}


def token(name: str) -> dict[str, str]:
    return {"access": {"key": "s3cret"}, "nobody": {}}.get(name, {"token": "s3cret"})


@pytest.mark.parametrize("case", SENT)
def test_the_request_of_a_shape(generated: Path, case: str) -> None:
    name, call, method, path, body = SENT[case]
    backend = Ear()
    call(client(name, backend, **token(name)))
    (request,) = backend.requests
    assert (request.method, request.url) == (method, f"http://host{path}")
    assert (None if request.content is None else json.loads(request.content)) == body


def test_headers_are_sent_and_left_out(generated: Path) -> None:
    backend = Ear()
    search = client("parameters", backend, token="s3cret").things.search
    search(if_match='"v1"', x_page_size=5)
    search(if_match="*")
    full, short = (dict(request.headers) for request in backend.requests)
    assert (full["If-Match"], full["X-Page-Size"], full["X-Token"]) == ('"v1"', "5", "s3cret")
    assert short["If-Match"] == "*"
    assert "X-Page-Size" not in short


def test_what_is_required_must_be_given(generated: Path) -> None:
    with pytest.raises(TypeError, match="if_match"):
        client("parameters", Ear(), token="s3cret").things.search()
    with pytest.raises(UsageError, match="no option token"):
        client("nobody", Ear(), token="s3cret")
    with pytest.raises(UsageError, match="no option key_in"):
        client("access", Ear(), key="s3cret", key_in="header")


def test_an_unsafe_operation_and_a_free_one_say_so(generated: Path) -> None:
    things = importlib.import_module("mailwright_parameters.v1.things")
    doors = importlib.import_module("mailwright_access.v1.open_doors")
    assert (things.GET_MESSAGE.unsafe, things.SEARCH.unsafe) == (True, False)
    assert (doors.KNOCK.secured, doors.TRY_DOOR.secured, things.SEARCH.secured) == (False, True, True)


def test_an_enum_of_both_directions_is_open(generated: Path) -> None:
    backend = Ear(told=Told(content=b'{"success": true, "kind": "elder", "born": "2000-02-29"}'))
    person = client("bodies", backend, token="s3cret").things.get_person()
    assert (person.kind, person.born) == ("elder", date(2000, 2, 29))


def test_a_result_may_be_a_union_or_a_map(generated: Path) -> None:
    event = client("results", Ear(told=Told(content=b'{"success": true, "kind": "gone", "why": "x"}')))
    assert event.things.get_event() == models("results").Gone(why="x")
    assert client("results", Ear(told=Told(content=b'{"success": true}'))).things.get_map() == {"success": True}


def test_pages_know_items_behind_aliases_unions_and_parents(generated: Path) -> None:
    backend = Ear(told=Told(content=b'{"success": true, "items": [{"id": "1"}], "total": 1, "next": null}'))
    things = client("lists", backend, token="s3cret").things
    assert [thing.id for thing in things.list_things(limit=5)] == ["1"]
    things.list_things().page(next="c")
    assert [parse_qsl(urlsplit(r.url).query) for r in backend.requests] == [[("limit", "5")], [("after", "c")]]


def test_the_async_client_sends_the_same(generated: Path) -> None:
    async def call() -> Request:
        backend = AsyncEar()
        async with importlib.import_module("mailwright_names").AsyncNames("http://host", backend=backend) as names:
            await names.things.str("a", 1, from_="f")
        return backend.ear.requests[0]

    request = asyncio.run(call())
    assert (request.method, request.url, request.content) == ("PUT", "http://host/a/1", b'{"from":"f"}')


def test_with_response_has_every_method(generated: Path) -> None:
    things = client("names", Ear()).things
    assert things.with_response.str("a", 1, from_="f").status == 200
    assert things.with_response.list("a", 1).value.success is True


def test_all_of_it_passes_mypy_strict(generated: Path) -> None:
    (generated / "calls.py").write_text(
        "from datetime import date, datetime\n"
        "from pathlib import Path\n"
        "from typing import BinaryIO\n"
        "from mailwright_bodies import Bodies, models\n"
        "from mailwright_bytes import AsyncBytes, Bytes\n"
        "from mailwright_destructive import Destructive\n"
        "from mailwright_either import Either\n"
        "from mailwright_empty import Empty, models as empty\n"
        "from mailwright_events import AsyncEvents, Events, models as events\n"
        "from mailwright_lists import Lists\n"
        "from mailwright_names import Names\n"
        "from mailwright_parameters import Parameters\n"
        "from mailwright_results import Results, models as results\n"
        "home = models.NewHome(city='Ulm')\n"
        "Bodies('x').things.create_person(label='x', home=home, born=date.today(), kind='any', others=[home])\n"
        "Parameters('x').things.search(if_match='1', colors=['red'], since=datetime.now(), size='1')\n"
        "event: results.Added | results.Gone = Results('x').things.get_event()\n"
        "names: list[str | None] = [thing.id for thing in Lists('x').things.list_things()]\n"
        "Names('x').things.str('a', 1, from_='f', list=['l']).success\n"
        "Parameters('x').things.search(if_match=1)  # type: ignore[arg-type]\n"
        "Bodies('x').things.put_list([1])  # type: ignore[list-item]\n"
        "def upload(file: BinaryIO) -> None:\n"
        "    Bytes('x').things.upload_message('b', file).success\n"
        "Bytes('x').things.upload_message('b', Path('x'))\n"
        "Bytes('x').things.upload_message('b', 'x')  # type: ignore[arg-type]\n"
        "content: bytes = Bytes('x').things.bytes('b', 7).read()\n"
        "changes: list[events.Change] = [event.data for event in Events('x').things.watch('u')]\n"
        "found: empty.Found | None = Empty('x').things.find_thing('x')\n"
        "Empty('x').things.delete_thing('x')\n"
        "Destructive('x').things.clear_queue(destroy=True)\n"
        "Destructive('x').things.clear_queue(destroy=False)  # type: ignore[arg-type]\n"
        "Destructive('x').things.clear_queue()  # type: ignore[call-arg]\n"
        "Either('x', username='u', password='p')\n"
        "async def read() -> bytes:\n"
        "    async for event in AsyncEvents('x').things.measure():\n"
        "        sample: list[float] | events.Ping = event.data\n"
        "    return await AsyncBytes('x').things.bytes('b', 7).read()\n"
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--warn-unused-ignores", "--config-file=", "."]
    done = subprocess.run(
        [*command, "--cache-dir", str(generated.parent / "mypy")], cwd=generated, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


UNSUPPORTED = {
    "the body is not a JSON component": """
        paths:
          /:
            put:
              operationId: send
              requestBody: {content: {multipart/form-data: {schema: {type: object, additionalProperties: {}}}}}
    """,
    "no successful response is a JSON component": """
        paths:
          /:
            get: {operationId: read}
            delete: {operationId: drop, responses: {302: {description: Elsewhere.}, 4XX: {description: No.}}}
    """,
    "the successful responses differ": """
        paths:
          /:
            get: {operationId: read, answers: Other}
            post:
              operationId: make
              responses:
                '200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Done'}}}}
                '202': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Other'}}}}
                default: {description: No.}
        components: {schemas: {Other: {type: object, properties: {id: {type: string}}}}}
    """,
    "a page may be empty of all content": """
        paths:
          /:
            get:
              operationId: list
              x-paging: {items: items}
              responses:
                '200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Page'}}}}
                '204': {description: None.}
                default: {description: No.}
        components: {schemas: {Page: {type: object, properties: {items: {type: array, items: {type: string}}}}}}
    """,
    "the security scheme is no apiKey in a header or the query, nor http basic or bearer": """
        paths: {/: {get: {operationId: get}}}
        components: {securitySchemes: {token: {type: http, scheme: digest}}}
    """,
    "two security schemes of different kinds take the argument token": """
        paths: {/: {get: {operationId: get}}}
        components:
          securitySchemes:
            token: {type: http, scheme: bearer}
            key: {type: apiKey, in: query, name: key, x-client: {argument: token}}
    """,
    "the credential bearer would be called bearer, as generated code itself is": """
        paths: {/: {get: {operationId: get, security: []}}}
        components: {securitySchemes: {bearer: {type: http, scheme: bearer}}}
    """,
}


@pytest.mark.parametrize("cause", UNSUPPORTED)
def test_what_is_not_generated_yet_is_refused_in_words(tmp_path: Path, cause: str) -> None:
    with pytest.raises(Problem) as caught:
        generate_into(checkout(tmp_path / "checkout"), "small-1", api(UNSUPPORTED[cause]))
    assert caught.value.cause == cause
    assert caught.value.place.startswith("small-1")
    assert caught.value.remedy
