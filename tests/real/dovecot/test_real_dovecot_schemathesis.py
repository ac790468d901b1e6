from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
from dovecot_server import RealDovecot

from mailwright.targets import bundled_document

# What harms nobody and answers whatever it is given: no command for users, which ends the connection where no user is
# named, and none with the path of a socket, which ends it where the socket is not there.
SAFE = ["listCommands", "mailboxMutf7", "processStatus", "serviceStatus", "instanceList", "statsAdd", "statsRemove"]
SAFE += ["logErrors", "logFind", "logReopen", "logTest", "reload"]
CASES = 5
SECONDS = 120
SEED = "20260117"


def test_schemathesis_finds_nothing(plain_server: RealDovecot, series: str, tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(bundled_document(f"dovecot-{series}")))
    # The server refuses each NUL in a text, which no document can say of all texts.
    (tmp_path / "schemathesis.toml").write_text("[generation]\nallow-x00 = false\n")
    command = [sys.executable, "-m", "schemathesis.cli", "run", "openapi.json", "--url", plain_server.url]
    command += ["--auth", f"doveadm:{plain_server.password}", "--seed", SEED, "--max-examples", str(CASES)]
    command += ["--mode", "positive", "--phases", "coverage,fuzzing", "--no-shrink", "--no-color"]
    command += ["--include-operation-id-regex", f"^({'|'.join(SAFE)})$"]
    # It reads no prefixItems in answers, and takes them for a flaw of the document; they are held against it below.
    command += ["--exclude-checks", "response_schema_conformance"]
    command += ["--report", "har", "--report-har-path", "run.har"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, f"{done.stdout[-4000:]}\n{done.stderr[-1000:]}\n{plain_server.log()}"
    answered = answers_that_fit(series, json.loads((tmp_path / "run.har").read_text())["log"]["entries"])
    assert set(answered) == set(SAFE)
    assert sum(answered.values()) > 50


def answers_that_fit(series: str, entries: list[dict[str, Any]]) -> dict[str, int]:
    """Holds each answer against the document, and counts them by operation."""
    document = bundled_document(f"dovecot-{series}")
    registry = jsonschema_rs.Registry([("run:///", document)])
    commands = {
        each["x-rpc"]["command"]: each
        for item in document["paths"].values()
        for each in item.values()
        if "x-rpc" in each
    }
    listing = document["paths"]["/doveadm/v1"]["get"]
    counted: dict[str, int] = {}
    for entry in entries:
        if entry["response"]["status"] != 200:
            continue
        sent = entry["request"].get("postData", {}).get("text")
        operation = commands[json.loads(sent)[0][0]] if sent else listing
        response = operation["responses"]["200"]
        if "$ref" in response:
            response = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
        schema = json.loads(json.dumps(response["content"]["application/json"]["schema"]).replace('"#/', '"run:///#/'))
        answer = json.loads(entry["response"]["content"]["text"])
        jsonschema_rs.Draft202012Validator(schema, registry=registry).validate(answer)
        if sent:
            assert answer[0][-1] == json.loads(sent)[0][2]
        counted[operation["operationId"]] = counted.get(operation["operationId"], 0) + 1
    return counted
