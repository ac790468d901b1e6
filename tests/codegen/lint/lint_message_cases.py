"""Documents that break the rules for bodies, answers and streams: the clean document with one passage replaced."""

from __future__ import annotations

from lint_cases import WATCH, Case

_LETTER_BODY = "          multipart/form-data:\n            schema: {$ref: '#/components/schemas/Letter'}\n"
_RAW = "          message/rfc822:\n            schema: {type: string, format: binary}\n"
_SENT = (
    "      x-client: {body: message/rfc822}\n      security: [{token: []}]\n      requestBody:\n"
    "        required: true\n        x-client: {name: letter_file}\n"
)
_READ = "      x-stream: binary\n      security: [{token: []}]\n      responses:\n"

MESSAGE_CASES = [
    Case(
        "media-type",
        _LETTER_BODY,
        _LETTER_BODY.replace("multipart/form-data", "§multipart/mixed"),
        "multipart/form-data",
    ),
    Case(
        "response-media-type",
        "            text/event-stream:\n",
        "            §'image/*':\n              schema: {type: string}\n            text/event-stream:\n",
        "octet-stream",
        (),
    ),
    Case(
        "media-type",
        _LETTER_BODY,
        _LETTER_BODY.replace("          multipart/form-data", "          §'text/plain; a=\u00e9'"),
        "octet-stream",
        ("upload",),
    ),
    Case(
        "response-media-type",
        "            text/event-stream:\n",
        "            text/plain:\n              schema: {type: string}\n            §text/event-stream:\n",
        "keep the one",
        ("stream",),
    ),
    Case(
        "body-choice",
        "      x-client: {body: message/rfc822}\n",
        "      x-client: {§body: text/plain}\n",
        "message/rfc822",
    ),
    Case(
        "body-choice",
        "      x-client: {body: message/rfc822}\n      security: [{token: []}]\n      requestBody:\n",
        "      security: [{token: []}]\n      §requestBody:\n",
        "#raw",
    ),
    Case("body-choice", "      x-client: {method: create}\n", "      x-client: {method: create, §body: a/b}\n", "json"),
    Case("body-choice", "      x-client: {method: list}\n", "      x-client: {method: list, §body: a/b}\n", "take"),
    Case(
        "upload",
        "      requestBody:\n        required: true\n        x-client: {name: letter_file}\n",
        "      §requestBody:\n        required: false\n        x-client: {name: letter_file}\n",
        "required: true",
    ),
    Case("upload", _RAW, "          message/rfc822:\n            §schema: {type: integer}\n", "binary"),
    Case(
        "body-name",
        _SENT,
        _SENT.replace("message/rfc822", "application/json").replace("x-client: {n", "§x-client: {n"),
        "name the fields",
    ),
    Case(
        "no-content",
        "        '204': {description: It is replaced.}\n",
        "        '204': {description: It is replaced., §content: {application/json: {schema: {type: string}}}}\n",
        "take it away",
    ),
    Case("media-schema", _LETTER_BODY, "          §multipart/form-data: {}\n", "binary", ("unused-component",)),
    Case("stream", "      x-stream: sse\n", "      §x-stream: binary\n", "correct"),
    Case(
        "stream",
        "      summary: Sends a letter.\n",
        "      summary: Sends a letter.\n      §x-stream: sse\n",
        "correct",
        ("stream-alone",),
    ),
    Case("stream", WATCH, WATCH.replace("      x-stream: sse\n", "").replace("resp", "§resp"), "x-stream: sse"),
    Case("stream", _READ, _READ.replace("      x-stream: binary\n", "").replace("resp", "§resp"), "x-stream: binary"),
    Case(
        "stream-alone",
        "        '404': {$ref: '#/components/responses/Failure'}\n",
        "        '404': {$ref: '#/components/responses/Failure'}\n        §'202': {description: Later.}\n",
        "leave that response out",
    ),
    Case(
        "stream-alone",
        "      x-stream: sse\n",
        "      x-stream: sse\n      §x-paging: {items: count}\n",
        "take one",
        ("paging",),
    ),
    Case(
        "stream-alone",
        "      x-stream: sse\n",
        "      x-stream: sse\n      §requestBody: {content: {application/json: {schema: {type: string}}}}\n",
        "again and again",
    ),
    Case(
        "event-schema",
        "              schema: {$ref: '#/components/schemas/Event'}\n",
        "              §schema: {type: array, items: {$ref: '#/components/schemas/Event'}}\n",
        "$ref",
    ),
    Case(
        "destructive",
        "      x-destructive: No letter is left.\n",
        "      x-destructive: No letter is left.\n      §x-stream: binary\n",
        "take one",
        ("stream", "stream-alone"),
    ),
    Case(
        "rpc-tuple",
        "      x-rpc:\n        command: mailboxStatus\n",
        "      §x-rpc:\n        command: status\n",
        "const",
    ),
    Case(
        "rpc-tuple",
        "      x-rpc:\n        command: mailboxStatus\n        needs: [user]\n"
        "        parameters: {$ref: '#/components/schemas/StatusParameters'}\n",
        "      §x-rpc:\n        command: mailboxStatus\n        parameters: {$ref: '#/components/schemas/Others'}\n",
        "PARAMETERS",
        (),
        "    Others: {type: object, properties: {a: {type: string}}}\n",
    ),
    Case("rpc-needs", "        needs: [user]\n", "        §needs: [users]\n", "left out"),
    Case("rpc-needs", "        needs: [user]\n", "        §needs: [mailbox]\n", "left out"),
    Case("row-words", "        user: {type: string}\n", "        user: {type: string, §x-number: integer}\n", "remove"),
    Case(
        "row-words",
        "      x-rest: columns\n      additionalProperties: {type: string}\n",
        "      §x-rest: columns\n",
        "additionalProperties",
    ),
    # tokens of streams
    *(
        Case(
            "stream-token",
            "      x-unsafe: It marks the events as seen.\n",
            f"      §x-client: {{token: {name}}}\n",
            told,
        )
        for name, told in (
            ("nobody", "name one"),
            ("sendLetter", "name one"),
            ("createUser", "takes none"),
            ("listUsers", "x-secret"),
        )
    ),
    Case(
        "stream-token",
        "      x-destructive: No letter is left.\n",
        "      §x-client: {token: sendLetter}\n",
        "leave the token out",
    ),
    # what destroys everything without a filter
    Case(
        "destructive-filters",
        "      x-destructive: No letter is left.\n",
        "      §x-destructive: {lost: All letters., filters: [from]}\n",
        "name one of them",
    ),
    Case(
        "destructive-filters",
        "      x-destructive: No letter is left.\n",
        "      parameters: [{name: from, in: query, required: true, schema: {type: string}}]\n"
        "      §x-destructive: {lost: All letters., filters: [from]}\n",
        "name one of them",
    ),
    Case(
        "destructive-filters",
        "      x-destructive: No letter is left.\n",
        "      parameters: [{name: from, in: query, schema: {type: string}}]\n"
        "      §x-destructive: {lost: All letters., filters: [from], ahead: [from]}\n",
        "date-time",
    ),
    *(
        Case(
            "destructive-filters",
            "      x-destructive: No letter is left.\n",
            "      parameters:\n"
            "        - {name: from, in: query, schema: {type: string}}\n"
            "        - {name: box, in: query, schema: {type: string}}\n"
            f"      §x-destructive: {{lost: All letters., filters: [from], {told}}}\n",
            remedy,
        )
        for told, remedy in (
            ("unsure: [owner]", "name one of them"),
            ("needs: {from: owner}", "name one of them"),
            ("hides: {from: [owner]}", "name one of them"),
            ("hides: {from: [box]}", "filters"),
        )
    ),
    Case(
        "extension-value",
        "        user: {type: string}\n",
        "        user: {type: string, §x-max-bytes: 0}\n",
        "",
    ),
]
