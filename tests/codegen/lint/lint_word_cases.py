"""Documents that break the rules for words of our own: the clean document with one passage replaced."""

from __future__ import annotations

from lint_cases import CREATE, LIST, NOTIFY, TOTAL, WATCH, Case, asked, shown

_CHANGE = (
    "    QueueChange:\n      type: object\n      additionalProperties: false\n      required: [items, attr]\n"
    "      properties:\n        items: {type: array, items: {type: string}}\n"
    "        attr: {$ref: '#/components/schemas/QueueWay'}\n"
    "    QueueWay: {type: object, additionalProperties: false, required: [way], "
    "properties: {way: {$ref: '#/components/schemas/QueueWord'}}}\n"
    "    QueueWord: {type: string, enum: [hold, flush]}\n"
)


def _queue(values: str, *, method: str = "change_all") -> str:
    """Writes an operation with a method for all there is."""
    return (
        "  /queue:\n    post:\n      operationId: changeQueue\n      tags: [Users]\n      summary: Changes the queue.\n"
        "      x-evidence: Seen in a recorded exchange.\n"
        f"      §x-bulk: {{item: a, many: change_many, all: {{method: {method}, field: way, values: [{values}]}}}}\n"
        "      security: []\n      requestBody:\n        required: true\n        content:\n"
        "          application/json: {schema: {$ref: '#/components/schemas/QueueChange'}}\n      responses:\n"
        "        '204': {description: It is done.}\n        default: {$ref: '#/components/responses/Failure'}\n"
    )


WORD_CASES = [
    # none
    Case("none-word", *asked("other: {§x-none: false, anyOf: [{type: string}, {type: boolean}]}"), "const: false"),
    Case("none-word", *asked("other: {§x-none: '', anyOf: [{type: string, const: ''}]}"), "or leave x-none out"),
    Case(
        "none-word",
        *asked("other: {§x-none: false, anyOf: [{type: string}, {type: 'null'}, {type: boolean, const: false}]}"),
        "leave null out",
    ),
    Case(
        "none-word",
        "        total: {type: integer}\n",
        "        total: {type: integer}\n"
        "        note: {§x-none: '', anyOf: [{type: integer}, {type: string, const: ''}]}\n",
        "write false",
    ),
    Case(
        "none-word",
        *asked("other: {type: array, items: {§x-none: false, anyOf: [{type: string}, {type: boolean, const: false}]}}"),
        "put x-none on properties",
    ),
    Case(
        "none-word",
        *asked("other: {type: array, items: {$ref: '#/components/schemas/Maybe'}}"),
        "put x-none on properties",
        component="    Maybe: {§x-none: false, anyOf: [{type: string}, {type: boolean, const: false}]}\n",
    ),
    Case(
        "parameter-default",
        NOTIFY,
        "        - {name: notify, in: query, schema: {type: boolean, default: true}, §x-client: {default: 'yes'}}\n",
        "of type string",
    ),
    Case("parameter-default", *shown("other: {type: string, §x-client: {default: a}}"), "of type string"),
    # lone
    Case("lone-text", *shown("other: {§x-list: true, anyOf: [{type: string}, {type: integer}]}"), "leave x-list out"),
    Case("lone-text", *shown("other: {§x-list: true, type: array, items: {type: string}}"), "leave x-list out"),
    Case(
        "lone-text",
        *shown("other: {§x-list: true, anyOf: [{type: string}, {type: array, items: {type: integer}}]}"),
        "leave x-list out",
    ),
    Case(
        "lone-text",
        *shown("other: {type: array, items: {$ref: '#/components/schemas/Texts'}}"),
        "put x-list on properties",
        component="    Texts: {§x-list: true, anyOf: [{type: string}, {type: array, items: {type: string}}]}\n",
    ),
    Case(
        "none-word",
        *shown("other: {§x-none: '- ', anyOf: [{type: string}, {type: string, const: '- '}]}"),
        "leave x-none out",
    ),
    # empties
    Case("empty-word", *asked("other: {type: array, items: {type: string}, §x-empty: absent}"), "answers alone"),
    Case("empty-word", *shown("other: {type: string, §x-empty: absent}"), "take x-empty away"),
    Case("empty-word", *shown("other: {type: object, additionalProperties: true, §x-empty: '[]'}"), "maxItems: 0"),
    Case(
        "empty-word",
        *shown(
            "other: {§x-empty: '[]', anyOf: [{type: array, items: {type: string}}, "
            "{type: object, additionalProperties: true}]}"
        ),
        "maxItems: 0",
    ),
    # answers
    Case("answer", CREATE, CREATE + "      §x-answer: list\n", "describe the success so"),
    Case("answer", LIST, LIST + "      §x-answer: object\n", "take x-answer away"),
    Case("reads", *asked("other: {type: integer, §x-reads: boolean}"), "make it a component"),
    Case(
        "reads",
        TOTAL,
        TOTAL + "        other: {$ref: '#/components/schemas/Other'}\n",
        "list them in `enum`",
        component="    Other: {type: integer, §x-reads: boolean}\n",
    ),
    Case(
        "reads",
        TOTAL,
        TOTAL + "        other: {$ref: '#/components/schemas/Other'}\n",
        "leave that out",
        component="    Other: {type: number, §x-reads: integer}\n",
    ),
    Case(
        "reads",
        *asked("other: {$ref: '#/components/schemas/Other'}"),
        "for answers alone",
        component="    Other: {type: string, §x-reads: integer}\n",
    ),
    # bulk
    Case("bulk", CREATE, CREATE + "      §x-bulk: {item: thing, many: create_many}\n", "describe such a body"),
    Case("bulk", WATCH, _queue("flush, hold") + WATCH, "describe such a body", component=_CHANGE),
    Case("bulk", WATCH, _queue("flush, drop") + WATCH, "describe such a body", component=_CHANGE),
    Case("method-clash", WATCH, _queue("flush", method="list") + WATCH, "set another", component=_CHANGE),
    Case("bulk", LIST, LIST + "      §x-bulk: {send: []}\n", "take x-bulk away"),
]
