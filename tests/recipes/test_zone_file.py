from __future__ import annotations

import re

import pytest
from mailwright_stalwart.v0_15.models import DnsRecord

from mailwright.recipes.zone_file import as_zone_file
from mailwright.runtime import ResponseInvalid, UsageError


def record(kind: str, content: str, name: str = "example.org.") -> DnsRecord:
    return DnsRecord(type=kind, name=name, content=content)


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (record("MX", "10 mx.example.net"), "example.org. IN MX 10 mx.example.net."),
        (record("CNAME", "mx.example.net.", "mail.example.org"), "mail.example.org. IN CNAME mx.example.net."),
        (
            record("SRV", "0 1 993 mx.example.net.", "_imaps._tcp.x."),
            "_imaps._tcp.x. IN SRV 0 1 993 mx.example.net.",
        ),
        (record("TLSA", "3 1 1 ab12"), "example.org. IN TLSA 3 1 1 ab12"),
        (record("TXT", 'a"b\\c'), 'example.org. IN TXT "a\\"b\\\\c"'),
        (record("TXT", "é\n"), 'example.org. IN TXT "\\195\\169\\010"'),
        (record("TXT", ""), 'example.org. IN TXT ""'),
        (record("TXT", "v=spf1; mx"), 'example.org. IN TXT "v=spf1; mx"'),
        (record("TXT", "x", 'a"b;c.'), 'a\\034b\\059c. IN TXT "x"'),
    ],
)
def test_a_record_is_a_line_of_its_own(given: DnsRecord, line: str) -> None:
    assert as_zone_file([given]) == f"{line}\n"


@pytest.mark.parametrize("size", [254, 255, 256, 510, 511])
def test_a_long_text_goes_in_strings_of_255_bytes_that_make_it_up_again(size: int) -> None:
    text = "".join(chr(97 + at % 26) for at in range(size))
    strings = re.findall(r'"([^"]*)"', as_zone_file([record("TXT", text)]))
    assert [len(each) for each in strings[:-1]] == [255] * (len(strings) - 1)
    assert 0 < len(strings[-1]) <= 255
    assert "".join(strings) == text


def test_bytes_are_counted_and_not_what_escapes_make_of_them() -> None:
    (line,) = as_zone_file([record("TXT", "é" * 128)]).splitlines()
    assert [part.count("\\") for part in re.findall(r'"([^"]*)"', line)] == [255, 1]


def test_a_record_that_comes_twice_is_written_once_and_with_its_ttl() -> None:
    assert as_zone_file([record("TXT", "x")] * 2, ttl=3600) == 'example.org. 3600 IN TXT "x"\n'


@pytest.mark.parametrize(
    "given",
    [
        record("MX", "10 mx.example.net.\nevil IN A 192.0.2.1"),
        record("MX", "mx.example.net."),
        record("SRV", "0 1 x mx.example.net."),
        record("CNAME", "a..b"),
        record("A", "192.0.2.1 ; comment"),
        record("A", ""),
        record("IN TXT", "x"),
        record("TXT", "x", ""),
    ],
)
def test_what_would_be_another_record_is_refused(given: DnsRecord) -> None:
    with pytest.raises(ResponseInvalid, match="fits no zone file"):
        as_zone_file([given])


@pytest.mark.parametrize("ttl", [-1, 2**31, "1"])
def test_a_ttl_is_a_number_in_range(ttl: int) -> None:
    with pytest.raises(UsageError, match="ttl"):
        as_zone_file([], ttl=ttl)
