from __future__ import annotations

from typing import Any

import pytest
from dovecot_server import JANE, RealDovecot

from mailwright.runtime import CommandDropped, NotFound


def dictionary(server: RealDovecot) -> dict[str, str]:
    if server.series == "2.4":
        return {"filter_name": "acl_sharing_map"}
    return {"dict_uri": f"file:{server.inside}/scratch/dictionary"}


def folder(server: RealDovecot) -> dict[str, str]:
    if server.series == "2.4":
        return {"filter_name": "mail_ext_attachment"}
    return {"fs_driver": "posix", "fs_args": f"prefix={server.inside}/files/"}


def keep_values(resource: Any, key: str, **where: str) -> None:
    resource.set(key=key, value="1", destroy=True, **where)
    assert [row.value for row in resource.get(key=key, **where)] == ["1"]
    resource.inc(key=key, difference=41, destroy=True, **where)
    prefix = key.rpartition("/")[0] + "/"
    assert [(row.key, row.value) for row in resource.iter(prefix=prefix, **where)] == [(key, "42")]
    resource.unset(key=key, destroy=True, **where)
    assert resource.iter(prefix=prefix, **where) == []
    with pytest.raises(NotFound) as missing:
        resource.get(key=key, **where)
    assert missing.value.code == 68


def keep_files(resource: Any, name: str, source: str, content: str, **where: str) -> None:
    one, other = f"{name}/one", f"{name}/other"
    resource.put(input_path=source, path=one, destroy=True, **where)
    assert [row.content for row in resource.get(path=one, **where)] == [content]
    assert [(row.path, row.size) for row in resource.stat(path=one, **where)] == [(one, len(content))]
    (known,) = resource.metadata(path=one, **where)
    assert (known.key.rpartition("/")[2], known.value) == ("X-Dovecot-fs-api-OrigPath", one)
    resource.copy(source_path=one, destination_path=other, destroy=True, **where)
    assert sorted(row.path for row in resource.iter(path=name, **where)) == ["one", "other"]
    assert name in [row.path for row in resource.iter_dirs(path="", **where)]
    resource.delete(path=[one, other], destroy=True, **where)
    assert resource.iter(path=name, **where) == []
    with pytest.raises(NotFound) as missing:
        resource.get(path=one, **where)
    assert missing.value.code == 68


def test_a_dictionary_keeps_values(dv: Any, server: RealDovecot, mark: str) -> None:
    keep_values(dv.dict, f"shared/{mark}/a", **dictionary(server))


@pytest.mark.parametrize("series", ["2.4"])
def test_a_dictionary_of_a_user_keeps_values(dv: Any, mark: str) -> None:
    keep_values(dv.mail_dict, f"priv/{mark}/a", user=JANE, filter_name="mail_attribute")


def test_a_folder_keeps_files(dv: Any, server: RealDovecot, mark: str) -> None:
    source = server.home / "source"
    source.write_text(mark)
    keep_files(dv.fs, mark, f"{server.inside}/source", mark, **folder(server))


@pytest.mark.parametrize("series", ["2.4"])
def test_a_folder_of_a_user_keeps_files(dv: Any, server: RealDovecot, mark: str) -> None:
    source = server.home / "source"
    source.write_text(mark)
    keep_files(dv.mail_fs, mark, f"{server.inside}/source", mark, user=JANE, **folder(server))


def test_single_instances_are_looked_for(dv: Any, server: RealDovecot, series: str) -> None:
    assert dv.sis.find(root_dir=f"{server.inside}/scratch", hash="0" * 40) == []
    if series == "2.3":
        (server.home / "scratch" / "queue").mkdir(exist_ok=True)
        (server.home / "scratch" / "queue" / "not-of-a-queue").touch()
        with pytest.raises(CommandDropped):
            dv.sis.deduplicate(root_dir=f"{server.inside}/scratch", queue_dir=f"{server.inside}/scratch/queue")
