"""Documents that break one rule each: the clean document with one passage replaced."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CLEAN = Path(__file__).with_name("clean.yaml").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Case:
    """`old` is a passage of the clean document, `new` takes its place, and `component` is added to the schemas.

    The sign § marks the line to be blamed.
    """

    rule: str
    old: str
    new: str
    remedy: str
    also: tuple[str, ...] = ()
    component: str = ""

    def broken(self) -> tuple[str, int]:
        """Gives the broken document, and the line of the finding."""
        assert CLEAN.count(self.old) == 1, f"{self.old!r} stands {CLEAN.count(self.old)} times in the clean document"
        text = CLEAN.replace(self.old, self.new) + self.component
        assert text.count("§") == 1
        return text.replace("§", ""), text[: text.index("§")].count("\n") + 1


LIST = "    get:\n      operationId: listUsers\n      tags: [Users]\n      summary: Lists users.\n"
CREATE = "    post:\n      operationId: createUser\n"
_SEND = "    post:\n      operationId: sendLetter\n"
NOTIFY = "        - {name: notify, in: query, schema: {type: boolean, default: true}}\n"
_USERNAME = "        username: {type: string}\n        password"
_QUOTA = "        quota: {type: [integer, 'null'], format: int64}\n"
_USER_ID = "      name: user\n      in: path\n      required: true\n      schema: {type: string}\n"
_ROW = "      properties:\n        messages: {type: string, x-number: integer}\n"
TOTAL = "        total: {type: integer}\n"
_FAILED = "        error: {type: string}\n"
_HEADER = "        - {name: X-Trace, in: header, schema: {type: string}}\n"
_ROLE = "      enum: [reader, writer]\n"
WATCH = (
    "  /users/{user}/events:\n    parameters:\n      - $ref: '#/components/parameters/UserId'\n    get:\n"
    "      operationId: watchUser\n      tags: [Users]\n      summary: Watches a user.\n"
    "      x-evidence: Seen in a recorded exchange.\n      x-stream: sse\n"
    "      x-unsafe: It marks the events as seen.\n      security: []\n      responses:\n"
)
_EVENT = (
    "    Event:\n      oneOf:\n        - {$ref: '#/components/schemas/Added'}\n"
    "        - {$ref: '#/components/schemas/Removed'}\n      discriminator: {propertyName: kind}\n"
)


def watch(old: str, new: str) -> tuple[str, str]:
    """Replaces a passage of an operation whose own line is to be blamed."""
    assert old in WATCH
    return WATCH, WATCH.replace(old, new).replace("    get", "    §get")


def asked(new: str) -> tuple[str, str]:
    """Puts a property into a request object."""
    return _QUOTA, f"{_QUOTA}        {new}\n"


def shown(new: str) -> tuple[str, str]:
    """Puts a property into a response object."""
    return _FAILED, f"{_FAILED}        {new}\n"


CASES = [
    # document
    Case("openapi-version", "openapi: 3.1.0\n", "§openapi: 3.2.0\n", "OpenAPI 3.1"),
    Case("openapi-version", "openapi: 3.1.0\n", "§swagger: '2.0'\n", "openapi: 3.1.0"),
    Case(
        "envelope",
        "openapi: 3.1.0\ninfo:\n  title: Post\n  version: '1.0'\nx-envelope: wildduck\n",
        "openapi: 3.1.0\n§info:\n  title: Post\n  version: '1.0'\n",
        "stalwart, wildduck",
    ),
    Case("openapi", "  version: '1.0'\n", "  §version: 1.0\n", "OpenAPI 3.1 specification"),
    Case("openapi", LIST, "    get:\n      §sumary: Lists.\n" + LIST.removeprefix("    get:\n"), "spelling"),
    Case(
        "openapi", NOTIFY, "        - {name: notify, in: query, §schema: {type: boolean, default: maybe}}\n", "specif"
    ),
    Case("openapi", NOTIFY, "        - §{name: notify, in: query}\n", "specification"),
    Case("openapi", *asked("size: {type: integer, §minimum: low}"), "specification"),
    # operations
    Case("operation-id", LIST, LIST.replace("    get:\n      operationId: listUsers\n", "    §get:\n"), "camelCase"),
    Case("operation-id", CREATE, "    post:\n      §operationId: Create-User\n", "letters and digits"),
    Case("operation-id", _SEND, "    post:\n      §operationId: createUser\n", "another operationId"),
    Case("operation-id", _SEND, "    post:\n      §operationId: create_user\n", "letters and digits"),
    Case("operation-id", _SEND, "    post:\n      §operationId: listUSERS\n", "another operationId"),
    Case("one-tag", LIST, LIST.replace("tags: [Users]", "§tags: [Users, Letters]"), "one tag"),
    Case("one-tag", LIST, LIST.replace("    get", "    §get").replace("      tags: [Users]\n", ""), "one tag"),
    Case("tag-declared", LIST, LIST.replace("tags: [Users]", "§tags: [Uzers]"), "correct its spelling"),
    Case("summary", LIST, LIST.replace("    get", "    §get").replace("      summary: Lists users.\n", ""), "sentence"),
    Case("summary", LIST, LIST.replace("summary: Lists users.", '§summary: "Lists.\\nUsers."'), "description"),
    Case(
        "x-source",
        "      x-source: {document: api.md, heading: GET /users}\n",
        "      §x-source: api.md\n",
        "x-evidence",
    ),
    Case(
        "x-source",
        *watch("      x-evidence: Seen in a recorded exchange.\n", ""),
        "x-source",
    ),
    Case(
        "error-response",
        "      responses:\n        '204': {description: It is on its way.}\n"
        "        '4XX': {$ref: '#/components/responses/Failure'}\n",
        "      §responses:\n        '204': {description: It is on its way.}\n",
        "default",
    ),
    Case(
        "success-response",
        "      responses:\n        '204': {description: It is on its way.}\n",
        "      §responses:\n",
        "all is well",
    ),
    Case(
        "operation-security",
        "x-envelope: wildduck\n",
        "x-envelope: wildduck\n§security: [{token: []}]\n",
        "each operation",
    ),
    Case(
        "operation-security",
        *watch("      security: []\n", ""),
        "security: []",
    ),
    Case(
        "security-scheme",
        "      x-unsafe: It marks the events as seen.\n      security: []\n",
        "      x-unsafe: It marks the events as seen.\n      §security: [{tokn: []}]\n",
        "spelling",
    ),
    Case("credential", "x-client: {argument: token}}\n", "x-client: {argument: token, §user: me}}\n", "take"),
    # parameters
    Case("path-parameters", *watch("{user}/events", "{user}/{event}/events"), "in: path"),
    Case("path-parameters", *watch("{user}/events", "{user}/{an.event}"), "letter"),
    Case("path-parameters", *watch("{user}/events", "{user}/{user}"), "once"),
    Case(
        "path-parameters",
        "  /letters:\n    post:\n",
        "  /letters:\n    parameters:\n      - {$ref: '#/components/parameters/UserId'}\n    §post:\n",
        "into the path",
    ),
    Case(
        "path-parameters",
        _USER_ID,
        _USER_ID.replace("required: true", "§required: false"),
        "required: true",
        ("openapi",),
    ),
    Case("path-clash", "  /letters:\n", "  §/users/{id}/events: {}\n  /letters:\n", "one path"),
    Case(
        "path-parameter-type",
        _USER_ID,
        _USER_ID.replace("schema: {type", "§schema: {type: [string, 'null']} #"),
        "integer",
    ),
    Case(
        "no-parameter-content",
        NOTIFY,
        "        - {name: notify, in: query, §content: {text/plain: {schema: {type: string}}}}\n",
        "schema",
    ),
    Case(
        "header-array",
        _HEADER,
        "        - {name: X-Trace, in: header, §schema: {type: array, items: {type: string}}}\n",
        "string",
    ),
    Case("header-name", _HEADER, "        - {§name: Accept, in: header, schema: {type: string}}\n", "media type"),
    Case("cookie-parameter", _HEADER, "        - {name: crumb, §in: cookie, schema: {type: string}}\n", "remove"),
    Case(
        "query-object",
        NOTIFY,
        "        - {name: notify, in: query, §schema: {type: object, additionalProperties: {type: string}}}\n",
        "own",
    ),
    Case(
        "query-object",
        NOTIFY,
        "        - {name: notify, in: query, §schema: {type: array, items: {type: array, items: {type: string}}}}\n",
        "own",
    ),
    Case("parameter-style", "          explode: false\n", "          §style: pipeDelimited\n", "default"),
    Case("parameter-style", "          explode: false\n", "          §allowReserved: true\n", "remove"),
    # references
    Case("local-ref", *asked("§other: {$ref: 'other.yaml#/User'}"), "into this document"),
    Case("local-ref", *asked("§other: {$ref: '#/components/schemas/CreateUser/properties/role'}"), "schemas/Name"),
    Case("ref-target", *asked("§other: {$ref: '#/components/schemas/Rol'}"), "did you mean Role?"),
    Case(
        "ref-target",
        "    Role:\n",
        "    Ring: {§$ref: '#/components/schemas/Ring'}\n    Role:\n",
        "write the schema out",
        ("component-alias", "unused-component"),
    ),
    Case(
        "component-alias",
        *asked("other: {$ref: '#/components/schemas/Alias'}"),
        "where it is used",
        component="    Alias: {§$ref: '#/components/schemas/Role'}\n",
    ),
    Case(
        "ref-siblings",
        "        role: {$ref: '#/components/schemas/Role'}\n",
        "        role: {$ref: '#/components/schemas/Role', §maxLength: 3}\n",
        "component",
    ),
    Case(
        "no-path-item-ref",
        "  /letters:\n",
        "  /mail: {§$ref: '#/components/pathItems/Mail'}\n  /letters:\n",
        "write them out",
        ("ref-target",),
    ),
    Case("no-defs", *asked("§other: {type: string, $defs: {Thing: {type: string}}}"), "move Thing to"),
    # keywords
    Case(
        "unsupported-keyword",
        *asked("§other: {type: object, additionalProperties: {type: string}, patternProperties: {a: {type: string}}}"),
        "additionalProperties",
    ),
    Case("unsupported-keyword", *asked("§other: {type: string, nullable: true}"), "null"),
    Case("unsupported-keyword", *asked("§other: {type: string, readOnly: true}"), "one direction"),
    Case(
        "unsupported-keyword", _SEND, "    post:\n      §servers: [{url: /}]\n      operationId: sendLetter\n", "root"
    ),
    Case("unknown-keyword", *asked("§other: {type: string, maxlength: 3}"), "did you mean maxLength?"),
    # shapes
    Case("no-boolean-schema", *asked("§other: true"), "{}"),
    Case("no-boolean-schema", *asked("§other: {type: array, items: false}"), "leave the keyword out"),
    Case("named-components", *asked("§other: {type: object, properties: {a: {type: string}}}"), "component"),
    Case("named-components", *asked("§other: {type: string, enum: [a, b]}"), "component"),
    Case("named-components", *asked("§other: {type: array, items: {type: string, enum: [a, b]}}"), "component"),
    Case(
        "named-components", NOTIFY, "        - {name: notify, in: query, §schema: {type: string, enum: [a]}}\n", "$ref"
    ),
    Case("named-components", *asked("§other: {allOf: [{$ref: '#/components/schemas/StatusParameters'}]}"), "$ref"),
    Case(
        "component-name",
        *asked("other: {$ref: '#/components/schemas/some-thing'}"),
        "capital",
        component="    §some-thing: {type: string, enum: [a]}\n",
    ),
    Case(
        "component-name",
        *asked("other: {$ref: '#/components/schemas/Relu4x'}"),
        "capitals after digits",
        component="    §Relu4x: {type: string, enum: [a]}\n",
    ),
    Case(
        "component-name",
        *asked("other: {$ref: '#/components/schemas/Struct'}"),
        "no builtin",
        component="    §Struct: {type: string, enum: [a]}\n",
    ),
    Case("no-title-on-component", "    Role:\n", "    Role:\n      §title: Rolle\n", "description"),
    Case("array-items", *asked("§other: {type: array}"), "items: {}"),
    Case("object-shape", *asked("§other: {type: object}"), "additionalProperties: false"),
    Case(
        "map-values",
        *asked("other: {$ref: '#/components/schemas/Anything'}"),
        "additionalProperties: {}",
        component="    Anything:\n      type: object\n      §additionalProperties: true\n",
    ),
    Case(
        "object-type",
        "      type: object\n" + _ROW,
        "      §properties:\n        messages: {type: string}\n",
        "type: object",
    ),
    Case(
        "prefix-items",
        "        prefixItems:\n",
        "        §prefixItems:\n          - {type: string}\n",
        "minItems: 4",
        ("rpc-tuple",),
    ),
    Case("required-has-property", "      required: [mailbox]\n", "      §required: [mailbox, mailbux]\n", "spelling"),
    # values
    Case("enum-one-type", _ROLE, "      §enum: [reader, 1]\n", "anyOf"),
    Case("enum-one-type", _ROLE, "      §enum: [reader, null]\n", "type: 'null'"),
    Case("enum-one-type", _ROLE, "      §enum: [true, false]\n", "const"),
    Case("enum-one-type", "      type: string\n" + _ROLE, "      §type: string\n      enum: [1, 2]\n", "type: integer"),
    Case("enum-one-type", _ROLE, "      §enum: [reader, reader]\n", "remove one"),
    Case("format", *asked("§other: {type: string, format: binary}"), "base64"),
    Case("format", *asked("§other: {type: string, format: duration}"), "type: string"),
    Case("format", *asked("§other: {type: number, format: decimal}"), "number"),
    Case("format", *asked("§other: {type: string, format: datetime}"), "date-time"),
    # unions
    Case(
        "oneof-needs-discriminator",
        _EVENT,
        _EVENT.replace("oneOf", "§oneOf").partition("      discriminator")[0],
        "merge them",
    ),
    Case(
        "oneof-needs-discriminator",
        "    Removed:\n      type: object\n      required: [kind]\n",
        "    §Removed:\n      type: object\n",
        "require it",
    ),
    Case("union-decodable", *asked("other: {§anyOf: [{type: string}, {type: string, format: date-time}]}"), "merge"),
    Case(
        "union-decodable",
        *asked("other: {§anyOf: [{type: array, items: {type: string}}, {type: array, items: {type: integer}}]}"),
        "merge",
    ),
    Case(
        "union-decodable",
        *asked(
            "other: {§anyOf: [{$ref: '#/components/schemas/StatusParameters'}, "
            "{type: object, additionalProperties: true}]}"
        ),
        "merge",
    ),
    Case(
        "all-of-plain",
        "        - $ref: '#/components/schemas/Entity'\n        - type",
        "        - $ref: '#/components/schemas/Entity'\n        - §$ref: '#/components/schemas/Event'\n        - type",
        "write",
    ),
    # names
    Case("property-name", *asked("§'a\"b': {type: string}"), "map"),
    Case("property-name", *asked('§"a\\nb": {type: string}'), "map"),
    Case("property-name", *asked("§'': {type: string}"), "map"),
    Case(
        "python-name-clash",
        *asked("userName: {type: string}\n        §user-name: {type: string}"),
        "x-client",
        ("argument-clash",),
    ),
    Case("argument-clash", NOTIFY, "        - §{name: username, in: query, schema: {type: string}}\n", "x-client"),
    Case("argument-clash", *asked("§self: {type: string}"), "x-client"),
    Case(
        "argument-clash",
        "{name: letter, in: path, required: true, schema: {type: integer}}\n",
        "§{name: letter, in: path, required: true, schema: {type: integer}, x-client: {name: letter_file}}\n",
        "x-client",
    ),
    Case(
        "argument-clash",
        "      x-destructive: No letter is left.\n",
        "      x-destructive: true\n      parameters: [§{name: destroy, in: query, schema: {type: string}}]\n",
        "x-client",
    ),
    Case("argument-clash", NOTIFY, "        - §{name: body, in: query, schema: {type: string}}\n", "x-client"),
    # directions
    Case(
        "direction",
        "        kind: {type: string, const: removed}\n    Letter:\n",
        "        kind: {type: string, const: removed}\n        letter: {$ref: '#/components/schemas/Letter'}\n"
        "    §Letter:\n",
        "twice",
        ("format",),
    ),
    Case(
        "direction",
        "        parameters: {$ref: '#/components/schemas/StatusParameters'}\n"
        "        rows: {type: array, items: {$ref: '#/components/schemas/StatusRow'}}\n",
        "        parameters: {$ref: '#/components/schemas/Twice'}\n"
        "        rows: {type: array, items: {$ref: '#/components/schemas/Twice'}}\n",
        "twice",
        ("unused-component", "rpc-tuple", "rpc-needs", "row-words"),
        "    §Twice: {type: object, properties: {a: {type: string}}}\n",
    ),
    Case(
        "response-open",
        "    Failure:\n      type: object\n",
        "    Failure:\n      type: object\n      §additionalProperties: false\n",
        "remove",
    ),
    Case(
        "request-closed-extra",
        "      additionalProperties: false\n      required: [username]\n",
        "      §additionalProperties: true\n      required: [username]\n",
        "map",
    ),
    Case(
        "response-typed-extra",
        "    Failure:\n      type: object\n",
        "    Failure:\n      type: object\n      §additionalProperties: {type: string}\n",
        "map",
    ),
    Case("unused-component", "    Role:\n", "    §Forgotten: {type: string}\n    Role:\n", "remove it"),
    # client
    Case("method-clash", "      x-client: {method: create}\n", "      §x-client: {method: list}\n", "x-client"),
    Case("method-clash", "      x-client: {method: create}\n", "      §x-client: {method: import}\n", "x-client"),
    Case("resource-clash", "  - name: Letters\n", "  - §name: Letters\n    x-client: {resource: users}\n", "x-client"),
    Case("resource-clash", "  - name: Letters\n", "  - §name: Letters\n    x-client: {resource: models}\n", "x-client"),
    Case("paging", "{items: results, total: total", "{§items: result, total: total", "property of the response"),
    Case("paging", "{items: results, total: total", "{§items: total, total: total", "array"),
    Case(
        "paging",
        "{items: results, total: total, cursor: nextCursor, next: next, omit: [page]}",
        "{items: results, page: next, §size: sizes}",
        "one of its own",
    ),
    Case("value", "x-client: {class: Post}", "§x-client: {class: Post, value: data}", "require data"),
    Case("paging", "omit: [page]", "§omit: [pages]", "one of its own"),
    # extensions
    Case(
        "extension-name",
        "x-envelope: wildduck\n",
        "x-envelope: wildduck\n§x-envelop: wildduck\n",
        "did you mean x-envelope?",
    ),
    Case("extension-name", *asked("§other: {type: string, x-stream: sse}"), "operation"),
    Case("extension-name", *asked("§other: {type: string, x-enum-varnames: [A]}"), "known are"),
    Case("extension-value", "x-envelope: wildduck\n", "§x-envelope: wildgoose\n", "dialect"),
    Case("extension-value", "      x-client: {method: create}\n", "      §x-client: {method: createIt}\n", "method"),
    Case(
        "extension-value",
        "        password: {type: string, x-secret: true}\n",
        "        §password: {type: string, x-secret: 'yes'}\n",
        "repr",
    ),
]
