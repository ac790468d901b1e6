"""Commands over one URL, from their document to what the generated client sends and reads."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from shape_apis import APIS, Ear, Told, client, models
from small_apis import api, checkout, generate_into

from mailwright.codegen.rpc import generators_view
from mailwright.problem import Problem
from mailwright.runtime import Request, UsageError


class Echo(Ear):
    """Gives rows under the tag that was sent."""

    def __init__(self, rows: str) -> None:
        super().__init__()
        self.rows = rows

    def send(self, request: Request, /) -> Told:
        self.requests.append(request)
        body = request.body()
        assert body is not None
        tag = json.loads(body)[0][2]
        return Told(content=f'[["doveadmResponse",{self.rows},"{tag}"]]'.encode())


def test_a_method_takes_the_parameters_and_gives_rows(generated: Path) -> None:
    ear = Echo('[{"a-b":"7","%95":"0.5","hdr.x":"y"},{"others":"z"}]')
    rows = client("commands", ear, password="p").things.show(what=["a"], all=True, one="1")
    row = models("commands").Row
    assert rows == [row(a_b=7, percentile=0.5, others={"hdr.x": "y"}), row(others={"others": "z"})]
    (sent,) = ear.requests
    assert json.loads(sent.body() or b"")[0][:2] == ["do show", {"what": ["a"], "all": True, "one": "1"}]
    assert (sent.method, sent.url) == ("POST", "http://host/rpc")


def test_one_object_in_the_place_of_rows_is_that_object(generated: Path) -> None:
    ear = Echo('{"names":["a"]}')
    assert client("commands", ear).things.find() == models("commands").Found(names=["a"])


def test_needs_are_asked_for_and_told(generated: Path) -> None:
    things = client("commands", Echo("[]")).things
    with pytest.raises(UsageError, match="do show needs one of all, one"):
        things.show(what=["a"])
    assert "Give at least one of `all`, `one`." in (inspect.getdoc(type(things).show) or "")


def test_the_tuples_are_in_the_bundled_document_and_not_in_the_models(generated: Path) -> None:
    document = json.loads((generated / "mailwright_commands" / "v1" / "openapi.json").read_text())
    schema = document["paths"]["/rpc#show"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert schema["items"]["prefixItems"][0] == {"const": "do show"}
    assert document["components"]["schemas"]["Number"]["type"] == "string"
    names = dir(models("commands"))
    assert "Tag" not in names
    assert "Number" not in names


def test_a_document_without_commands_is_shown_as_it_is() -> None:
    document = api(APIS["names"])
    assert generators_view(document) is document


def test_the_document_that_is_shipped_is_not_changed_by_the_view() -> None:
    document = api(APIS["commands"])
    before = json.dumps(document)
    view = generators_view(document)
    assert json.dumps(document) == before
    assert view["components"]["schemas"]["Row"]["properties"]["a-b"] == {"description": "How many.", "type": "integer"}


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        (
            "rows: {type: array, items: {$ref: '#/components/schemas/Row'}}",
            "rows: {type: array, items: {type: string}}",
            "a part of the rpc of POST /rpc#show is no component",
        ),
    ],
)
def test_parts_that_are_no_component_are_refused(tmp_path: Path, old: str, new: str, cause: str) -> None:
    text = APIS["commands"]
    assert old in text
    text = text.replace(old, new)
    # What only the rows used goes with them.
    text = text.partition("    Row:\n")[0] + "    Found:\n" + text.partition("    Found:\n")[2]
    text = text.replace("    Number: {type: string, pattern: '^[0-9]+$', x-number: integer}\n", "")
    with pytest.raises(Problem) as caught:
        generate_into(checkout(tmp_path / "checkout"), "small-1", api(text))
    assert caught.value.cause == cause
    assert caught.value.place == "small-1: show"


def test_the_calls_pass_mypy_strict(generated: Path, tmp_path: Path) -> None:
    (tmp_path / "calls.py").write_text(
        "from mailwright.runtime import Command, Outcome, command\n"
        "from mailwright_commands import AsyncCommands, Commands, models\n"
        "client = Commands('x', password='p')\n"
        "rows: list[models.Row] = client.things.show(what=['a'], one='x')\n"
        "number: int | None = rows[0].a_b\n"
        "others: dict[str, str] = rows[0].others\n"
        "later: Command[list[models.Row]] = command(client.things.show, what=['a'], one='x')\n"
        "outcomes: list[Outcome[list[models.Row]]] = client.batch(later, later)\n"
        "client.things.show()  # type: ignore[call-arg]\n"
        "client.things.show(what='a')  # type: ignore[arg-type]\n"
        "command(client.things.show, what=1)  # type: ignore[arg-type, call-overload, unused-ignore]\n"
        "async def run() -> models.Found:\n"
        "    other = AsyncCommands('x', api_key='k')\n"
        "    await other.batch(command(other.things.find))\n"
        "    return await other.things.find()\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(tmp_path / "mypy"), "calls.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=_environment(generated),
    )
    assert done.stdout.startswith("Success"), done.stdout + done.stderr


def _environment(generated: Path) -> dict[str, str]:
    return {**os.environ, "MYPYPATH": str(generated)}
