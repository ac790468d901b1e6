"""Names that would hide another are refused, with what to set."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_apis import api, checkout, generate_into

from mailwright.problem import Problem

CLASHES = {
    "the operation unset would be called UNSET, as generated code itself is": """
        paths: {/: {get: {operationId: unset}}}
    """,
    "the operation get would be called models, as generated code itself is": """
        paths: {/: {get: {operationId: get, x-client: {method: models}}}}
    """,
    "the resource pages would be called Pages, as generated code itself is": """
        tags: [{name: Pages}]
        paths: {/: {get: {operationId: get, tags: [Pages]}}}
    """,
    "the resource things would be called Things, as the client is": """
        x-client: {class: Things}
        paths: {/: {get: {operationId: get}}}
    """,
    "the resource async_things would be called AsyncThings, as the resource things is": """
        tags: [{name: Things}, {name: Async things}]
        paths: {/: {get: {operationId: get}, put: {operationId: put, tags: [Async things]}}}
    """,
    "the credential timeout would be called timeout, as an argument of every client is": """
        paths: {/: {get: {operationId: get}}}
        components: {securitySchemes: {token: {type: apiKey, in: header, name: T, x-client: {argument: timeout}}}}
    """,
    "two schemes with the argument token go to the header": """
        paths: {/: {get: {operationId: get, security: [{a: []}, {b: []}]}}}
        components:
          securitySchemes:
            a: {type: apiKey, in: header, name: A, x-client: {argument: token}}
            b: {type: apiKey, in: header, name: B, x-client: {argument: token}}
    """,
}


@pytest.mark.parametrize("cause", CLASHES)
def test_a_clash_is_refused(tmp_path: Path, cause: str) -> None:
    with pytest.raises(Problem) as caught:
        generate_into(checkout(tmp_path / "checkout"), "small-1", api(CLASHES[cause]))
    assert caught.value.cause == cause
    assert "x-client" in caught.value.remedy or "operationId" in caught.value.remedy


# Lint has rules for these; generation must not depend on them for code that means something else.
BEYOND_LINT = {
    "things.get stands for 2 operations": """
        paths:
          /a: {get: {operationId: getA, x-client: {method: get}}}
          /b: {get: {operationId: getB, x-client: {method: get}}}
    """,
    "two arguments are called a (path and query)": """
        paths:
          /{a}:
            get:
              operationId: get
              parameters:
                - {name: a, in: path, required: true, schema: {type: string}}
                - {name: b, in: query, schema: {type: string}, x-client: {name: a}}
    """,
    "x-paging.items: Done has no field rows": """
        paths: {/: {get: {operationId: get, x-paging: {items: rows}}}}
    """,
    "x-paging.items is no list: bool": """
        paths: {/: {get: {operationId: get, x-paging: {items: success}}}}
    """,
    "1 of 2 operations have no method": """
        paths: {/: {get: {operationId: get}, put: {operationId: put, tags: [Others]}}}
    """,
}


@pytest.mark.parametrize("cause", BEYOND_LINT)
def test_what_lint_refuses_is_not_generated_either(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cause: str) -> None:
    monkeypatch.setattr("mailwright.codegen.generate.lint", lambda document: [])
    with pytest.raises(Problem) as caught:
        generate_into(checkout(tmp_path / "checkout"), "small-1", api(BEYOND_LINT[cause]))
    assert caught.value.cause == cause
