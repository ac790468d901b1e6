"""The recipes on a real WildDuck."""

from __future__ import annotations

from pathlib import Path

import pytest
from recipe_checks import Recipes, check_create_account, check_export, check_log_in, check_watch
from wildduck_server import RealWildDuck


@pytest.fixture
def recipes(server: RealWildDuck, kind: str) -> Recipes:
    return Recipes(server.url, server.token, is_async=kind == "asyncio")


def test_a_user_logs_in_with_a_password_and_a_code(recipes: Recipes, mark: str) -> None:
    check_log_in(recipes, mark)


def test_an_account_is_made_whole_or_not_at_all(recipes: Recipes, mark: str) -> None:
    check_create_account(recipes, mark)


def test_a_mailbox_is_exported(recipes: Recipes, mark: str, tmp_path: Path) -> None:
    check_export(recipes, mark, tmp_path)


def test_a_mailbox_is_watched(recipes: Recipes, mark: str) -> None:
    check_watch(recipes, mark)
