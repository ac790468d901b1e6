"""The recipes on the mock server of WildDuck 1.51."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from recipe_checks import Recipes, check_create_account, check_export, check_log_in, check_watch

TOKEN = "a-token-for-the-tests"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A mock server in a process of its own."""
    command = [sys.executable, "-m", "mailwright.cli", "mock", "wildduck-1.51", "--port", "0", "--token", TOKEN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            found = next(
                (found for line in server.stdout if (found := re.search(r"http://127\.0\.0\.1:[0-9]+", line))), None
            )
            assert found is not None, f"the mock did not start (exit code {server.wait(10)})"
            yield found[0]
        finally:
            server.terminate()
            server.wait(10)


@pytest.fixture(params=[False, True], ids=["plain", "asyncio"])
def recipes(url: str, request: pytest.FixtureRequest) -> Recipes:
    return Recipes(url, TOKEN, is_async=request.param)


@pytest.fixture
def mark(request: pytest.FixtureRequest) -> str:
    """A word that nothing else on the server has."""
    return "m" + re.sub("[^a-z]", "", request.node.name.removeprefix("test"))


def test_a_user_logs_in_with_a_password_and_a_code(recipes: Recipes, mark: str) -> None:
    check_log_in(recipes, mark)


def test_an_account_is_made_whole_or_not_at_all(recipes: Recipes, mark: str) -> None:
    check_create_account(recipes, mark)


def test_a_mailbox_is_exported(recipes: Recipes, mark: str, tmp_path: Path) -> None:
    check_export(recipes, mark, tmp_path)


def test_a_mailbox_is_watched(recipes: Recipes, mark: str) -> None:
    check_watch(recipes, mark)
