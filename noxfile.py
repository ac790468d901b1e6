"""Every task of the project: `nox -l` lists them, `nox -s NAME` runs one with all its set-up."""

from __future__ import annotations

from pathlib import Path

import nox
import nox.virtualenv

nox.needs_version = ">=2024.4.15"
nox.options.default_venv_backend = "uv|virtualenv"
# What is installed already stays: a second run is quick.
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "types", "check", "tests"]

PYPROJECT = nox.project.load_toml("pyproject.toml")
TARGETS = [f"{folder.parent.name}-{folder.name}" for folder in sorted(Path("specs").glob("*/*")) if folder.is_dir()]
SEED = "20180120"


def install(session: nox.Session, *groups: str) -> None:
    """Installs the project with all its extras, and the tools of some dependency groups.

    With `nox --no-venv` the environment is the caller's, which has them all.
    """
    if isinstance(session.virtualenv, nox.virtualenv.PassthroughEnv):
        return
    session.install("-e", ".[all]", *nox.project.dependency_groups(PYPROJECT, *groups))


@nox.session
def demo(session: nox.Session) -> None:
    """Regenerate the clients, start the mock servers, and run real calls through every client."""
    install(session)
    session.run("mailwright", "generate", "--force")
    session.run("python", "examples/demo.py")


@nox.session
def generate(session: nox.Session) -> None:
    """Make generated/ from specs, overlays and templates; arguments are targets."""
    install(session)
    session.run("mailwright", "generate", *session.posargs)


@nox.session
def check(session: nox.Session) -> None:
    """Fail when generated/ or mailwright.lock is not what the sources give."""
    install(session)
    session.run("mailwright", "generate", "--check")
    session.run("mailwright", "targets")


@nox.session
def lint(session: nox.Session) -> None:
    """Lint the code with ruff and the specs with mailwright's own rules."""
    install(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mailwright", "lint")


@nox.session
def types(session: nox.Session) -> None:
    """Check types with mypy --strict and pyright strict."""
    install(session, "types", "tests")
    session.run("mypy")
    session.run("pyright")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests, a file to a processor at a time; arguments go to pytest (-n 0 for one after the other)."""
    install(session, "tests")
    session.run("pytest", "-n", "auto", "--dist", "loadfile", *session.posargs)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Fuzz every client against its contract; arguments go to `mailwright contract`, such as --cases 1000."""
    install(session)
    for target in TARGETS:
        session.run("mailwright", "contract", target, *(session.posargs or ["--cases", "10", "--seed", SEED]))


@nox.session
def replay(session: nox.Session) -> None:
    """Feed the recorded exchanges with real servers through the clients."""
    install(session)
    for target in TARGETS:
        recorded = sorted(str(file) for file in Path("tests/exchanges").glob(f"{target}*.jsonl"))
        if recorded:
            session.run("mailwright", "replay", target, *recorded, *session.posargs)
        else:
            session.log(f"{target}: no exchanges with a real server were recorded")


@nox.session
def real(session: nox.Session) -> None:
    """Run the clients against real servers, which it installs and starts; arguments go to pytest."""
    install(session, "real")
    session.run("pytest", "tests/real", *session.posargs)


@nox.session
def faults(session: nox.Session) -> None:
    """Run the fault matrix on every backend and compare docs/faults.md; --write-docs renews it."""
    install(session, "faults")
    session.run("python", "tests/faults/run.py", *session.posargs)


@nox.session
def mock(session: nox.Session) -> None:
    """Start a mock server until Ctrl-C; arguments go to `mailwright mock`."""
    install(session)
    session.run("mailwright", "mock", *(session.posargs or [TARGETS[0], "--port", "8081"]))
