from __future__ import annotations

import pytest

from mailwright.codegen.annotations import Names
from mailwright.codegen.models import Models

MODELS = Models(
    source="",
    fields={"User": (), "Box": ()},
    aliases={"ObjectId": "str", "Role": "Literal['User'] | str", "Ids": "list[ObjectId]"},
    classes={},
)


@pytest.mark.parametrize(
    ("text", "qualified"),
    [
        ("User", "models.User"),
        ("list[User | None]", "builtins.list[models.User | None]"),
        ("dict[str, list[Box]]", "dict[builtins.str, builtins.list[models.Box]]"),
        ("Role | None", "models.Role | None"),
        ("Ids", "models.Ids"),
        ("Literal['User', 'list', 'str']", "Literal['User', 'list', 'str']"),
        ("ObjectId", "builtins.str"),
        ("int | bool", "int | bool"),
        ("datetime", "datetime"),
    ],
)
def test_a_type_means_the_same_inside_a_class(text: str, qualified: str) -> None:
    assert Names(MODELS, {"list", "str", "datetime", "get"}).qualify(text) == qualified
