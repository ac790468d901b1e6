from __future__ import annotations

from pathlib import Path

import pytest

from mailwright.codegen.documents import LocatedDict, parse
from mailwright.codegen.overlay_file import Overlay
from mailwright.problem import Problem


def read(text: str, file: Path = Path("overlay.yaml")) -> Overlay:
    document = parse(text, file)
    assert isinstance(document, LocatedDict)
    return Overlay.read(document)


HEAD = "overlay: 1.1.0\ninfo: {title: t, version: '1'}\n"
OLD_HEAD = HEAD.replace("1.1.0", "1.0.0")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("openapi: 3.1.0\n", "overlay.yaml:1: this is not an overlay"),
        (
            HEAD.replace("1.1.0", "1.2.0") + "actions: [{target: $}]",
            "overlay.yaml:1: overlay version 1.2.0 is not known",
        ),
        (HEAD.replace("1.1.0", "1.1") + "actions: [{target: $}]", "overlay.yaml:1: overlay version 1.1 is not known"),
        (HEAD, "overlay.yaml:1: the overlay has no actions"),
        (HEAD + "actions: []", "overlay.yaml:3: actions is not a list with an action in it"),
        (HEAD + "actions: {target: $}", "overlay.yaml:3: actions is not a list with an action in it"),
        (HEAD + "actions:\n  - $", "overlay.yaml:4: action 1 is not a mapping"),
        (HEAD + "actions:\n  - update: {}", "overlay.yaml:4: action 1 has no target"),
        (
            HEAD + "actions:\n  - target: $\n  - target: $.a\n    updates: {}",
            "overlay.yaml:6: action 2 has no key 'updates'",
        ),
        (HEAD + "actions:\n  - target: $\n  - target: $", "overlay.yaml:5: action 2 repeats action 1"),
        (
            HEAD + "actions:\n  - target: $\n    remove: yes",
            "overlay.yaml:5: action 1: remove is neither true nor false",
        ),
        (
            HEAD + "actions:\n  - target: $.paths[/users]\n    remove: true",
            "overlay.yaml:4: action 1: target '$.paths[/users]' is not a JSONPath of RFC 9535: ",
        ),
        (HEAD + "actions:\n  - target: paths", "overlay.yaml:4: action 1: target 'paths' is not a JSONPath"),
        (HEAD + "actions:\n  - target: ''", "overlay.yaml:4: action 1: target '' is not a JSONPath"),
        (HEAD + "actions:\n  - target: $[?nofun(@)]", "is not a JSONPath"),
        (HEAD + "actions:\n  - target: $\n    copy: $.", "overlay.yaml:5: action 1: copy '$.' is not a JSONPath"),
        (HEAD + "actions:\n  - target: $\n    copy: {a: 1}", "overlay.yaml:5: action 1: copy is not text"),
        (
            HEAD + "actions:\n  - target: $\n    copy: $.a\n    update: {}",
            "overlay.yaml:5: action 1 both updates and copies",
        ),
        (HEAD + "actions: [{target: $}]\nextend: x", "overlay.yaml:4: an overlay has no key 'extend'"),
        (HEAD + "actions: [{target: $}]\nextends: [x]", "overlay.yaml:4: extends is not text"),
        ("overlay: 1.1.0\nactions: [{target: $}]", "overlay.yaml:1: the overlay has no info"),
        ("overlay: 1.1.0\ninfo: {title: t}\nactions: [{target: $}]", "overlay.yaml:2: info has no version"),
        (
            OLD_HEAD + "actions:\n  - target: $\n    copy: $.a",
            "overlay.yaml:5: action 1 of Overlay 1.0 has no copy, only 1.1 has it",
        ),
        (
            "overlay: 1.0.0\ninfo:\n  title: t\n  version: '1'\n  description: d\nactions: [{target: $}]",
            "overlay.yaml:5: info of Overlay 1.0 has no description, only 1.1 has it",
        ),
    ],
)
def test_what_the_specification_does_not_allow_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(Problem) as caught:
        read(text)
    assert message in str(caught.value)
    assert caught.value.remedy


def test_extensions_are_allowed_everywhere() -> None:
    overlay = read(
        "overlay: 1.0.0\nx-a: 1\ninfo: {title: t, version: 1.0, x-b: 1}\nactions: [{target: $, update: {}, x-c: 1}]"
    )
    assert [(action.number, action.verb) for action in overlay.actions] == [(1, "update")]


def test_a_broken_path_in_the_last_action_is_found_before_anything_is_applied() -> None:
    with pytest.raises(Problem, match="action 2: target"):
        read(HEAD + "actions: [{target: $}, {target: '$['}]")


def extending(folder: Path, extends: str) -> Overlay:
    return read(HEAD + f"extends: {extends}\nactions: [{{target: $}}]", folder / "overlays" / "overlay.yaml")


@pytest.mark.parametrize("extends", ["../specs/own.yaml", "../specs/../specs/own.yaml", "file:{folder}/specs/own.yaml"])
def test_extends_that_leads_to_the_document_is_accepted(tmp_path: Path, extends: str) -> None:
    (tmp_path / "specs").mkdir()
    own = tmp_path / "specs" / "own.yaml"
    own.touch()
    overlay = extending(tmp_path, extends.format(folder=tmp_path))
    overlay.check_extends(own)
    assert overlay.unproven(own) is None


def test_extends_that_leads_to_another_document_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").touch()
    with pytest.raises(
        Problem, match=r"overlay\.yaml:3: this overlay is for another document: extends names .*other\.yaml"
    ):
        extending(tmp_path, "../other.yaml").check_extends(tmp_path / "own.yaml")


def test_extends_through_folders_to_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"overlay\.yaml:3: extends names .*gone\.yaml, which does not exist"):
        extending(tmp_path, "../gone.yaml").check_extends(tmp_path / "own.yaml")


@pytest.mark.parametrize(
    "extends", ["renamed.yaml", "./renamed.yaml", "https://example.org/own.yaml", "urn:example:own"]
)
def test_extends_that_cannot_be_compared_is_accepted_and_said(tmp_path: Path, extends: str) -> None:
    overlay = extending(tmp_path, extends)
    overlay.check_extends(tmp_path / "own.yaml")
    assert overlay.unproven(tmp_path / "own.yaml") == (
        f"{tmp_path}/overlays/overlay.yaml:3: extends names {extends}, "
        f"which is not here to be compared with {tmp_path}/own.yaml"
    )


def test_an_overlay_without_extends_fits_any_document() -> None:
    overlay = read(HEAD + "actions: [{target: $}]")
    overlay.check_extends(Path("any.yaml"))
    assert overlay.unproven(Path("any.yaml")) is None
