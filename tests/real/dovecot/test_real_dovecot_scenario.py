from __future__ import annotations

import importlib
import json

from dovecot_scenario import prepare, results
from dovecot_server import JANE, JOE, RealDovecot
from noted_doveadm import doveadm_of
from noting import Notes

from mailwright.mock import Mock, MockBackend
from mailwright.targets import bundled_document


def test_the_mock_and_the_real_server_give_the_same_to_each_call(
    plain_server: RealDovecot, series: str, kind: str
) -> None:
    with doveadm_of(kind, series, plain_server.url, Notes(), password=plain_server.password) as dv:
        prepare(dv, JANE, JOE)
        real = [json.loads(line) for line in results(series, dv, JANE, JOE)]
    module = importlib.import_module(f"mailwright_dovecot.v{series.replace('.', '_')}")
    mock = Mock(bundled_document(f"dovecot-{series}"), quirks=True)
    with module.Doveadm("http://mock.test", backend=MockBackend(mock)) as dv:
        prepare(dv, JANE, JOE)
        ours = [json.loads(line) for line in results(series, dv, JANE, JOE)]
    assert len(real) == len(ours) == 132
    different = [(name, was, is_) for (name, was), (_, is_) in zip(real, ours, strict=True) if was != is_]
    assert different == []


def test_the_key_opens_what_the_password_opens(plain_server: RealDovecot, series: str, kind: str) -> None:
    with doveadm_of(kind, series, plain_server.url, Notes(), api_key=plain_server.key) as dv:
        assert {row.mailbox for row in dv.mailbox.list(user=JANE, mailbox_mask=["INBOX"])} == {"INBOX"}
