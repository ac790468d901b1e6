"""What the scenario sends: letters, codes of an authenticator, a certificate with its key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from typing import Any

GHOST = "5970860fcdb513ce633407a1"
PASSWORD = "correct horse battery"


def id_of(made: Any) -> str:
    """Returns the id of what was made; where making it failed, one that nothing has."""
    return str(getattr(made, "id", None) or GHOST)


def letter(number: int, subject: str, *, to: str = "ada@scenario.test", text: str = "Is noon all right?") -> bytes:
    """Returns a plain letter whose headers tell its number."""
    return (
        f"From: Grace Hopper <grace@scenario.test>\r\nTo: Ada <{to}>\r\nSubject: {subject}\r\n"
        f"Message-ID: <letter{number}@scenario.test>\r\nDate: Mon, 0{number % 9 + 1} Jan 2024 10:00:00 +0000\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()


def file_of(mark: str) -> bytes:
    """Returns the content of a file, which no other run has."""
    return mark.encode() + bytes(range(256)) * 3


def letter_with_file(mark: str) -> bytes:
    """Returns a letter with the file of a run attached to it."""
    lines = base64.encodebytes(file_of(mark)).decode().replace("\n", "\r\n")
    return (
        "From: Grace Hopper <grace@scenario.test>\r\nTo: Ada <ada@scenario.test>\r\nSubject: With a file\r\n"
        "Message-ID: <file@scenario.test>\r\nDate: Tue, 09 Jan 2024 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="cut"\r\n\r\n'
        "--cut\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nSee the file.\r\n"
        '--cut\r\nContent-Type: application/octet-stream; name="bytes.bin"\r\n'
        'Content-Disposition: attachment; filename="bytes.bin"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        f"{lines}--cut--\r\n"
    ).encode()


def totp_code(secret: str, *, steps: int = 0) -> str:
    """Returns the code that an authenticator shows, some steps of 30 seconds from now (RFC 6238, six digits)."""
    key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + steps), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def wrong_totp_code(secret: str) -> str:
    """Returns a code that is not good within several minutes of now."""
    good = {totp_code(secret, steps=step) for step in range(-15, 16)}
    return next(code for code in (f"{number:06d}" for number in range(100)) if code not in good)


CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIDUTCCAjmgAwIBAgIUWKCb7El6v1D8wkWGOfc0+i63l/8wDQYJKoZIhvcNAQEL
BQAwHTEbMBkGA1UEAwwSaW1hcC5zY2VuYXJpby50ZXN0MCAXDTI2MTEyMTA5MzQx
OVoYDzIxMjYxMDI4MDkzNDE5WjAdMRswGQYDVQQDDBJpbWFwLnNjZW5hcmlvLnRl
c3QwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDFkBFv3igxxaNXvyMe
W5yJOvjskcUG+aqKxWK2EEljnzn8TRJrUHp/+jEl+YJK55bAGmLjCu7Qjm2GGDE/
FUcugG/GSz4fBTV84BWyAyaBnAOc1kJiXSkgZr3GcxsxoNZtWsF+vdbgTi5NFE+T
GBygtre0M1IYh/uiDln8TkPOIybfPqYH6dDPn8beQgNyjUI7suJ3doVG1fh95wjz
y6wSYTK6FCSX8qiHFAUu8/JyK0FQAOelDR/MgdIZdf83tqcT2ROdLhK3QPxkuC5C
e8n2K1EJ5KbdUbZy8HMHW4QwSHPQJssk6xh7XyZCGuqAUsxIRvws4IhlLeTXb/6B
Th+RAgMBAAGjgYYwgYMwHQYDVR0OBBYEFK6XtsRncE5ZkUpegOuN0uQEtKavMB8G
A1UdIwQYMBaAFK6XtsRncE5ZkUpegOuN0uQEtKavMA8GA1UdEwEB/wQFMAMBAf8w
MAYDVR0RBCkwJ4ISaW1hcC5zY2VuYXJpby50ZXN0ghFwb3Auc2NlbmFyaW8udGVz
dDANBgkqhkiG9w0BAQsFAAOCAQEAeX2a0fBuIo9/panY+HGTGbUW8BMWYfHk3nfv
SEby49h8X97QqbaJA+Vv51g2m1Om0Z213US43zs4Fba70NBe6mkaRQP5897G312Z
F4SMVjCciLzpQHSekUvCtcnf1/5L8xud8jAq+ygC4vLPf5Eg7qxMdRQduR4lvoGt
4XGV+7rMdxFWT9DiIYPr68CQoR62Y1in7aHdcbbk7lNvGjhzqNKeFy75vDTfKMDQ
bzyXSFxMj7PncgTpR4q0AdLArONYZ5OGPruIpSrJIWcnnY9uGEAR2VuwmXNveqgA
usnx7Pjs61gycv3ZjDr8SMPCcdeJ0g1nrXrTeBpSPy+YgTYkzQ==
-----END CERTIFICATE-----
"""

CERTIFICATE_KEY = """\
-----BEGIN PRIVATE KEY-----
MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQDFkBFv3igxxaNX
vyMeW5yJOvjskcUG+aqKxWK2EEljnzn8TRJrUHp/+jEl+YJK55bAGmLjCu7Qjm2G
GDE/FUcugG/GSz4fBTV84BWyAyaBnAOc1kJiXSkgZr3GcxsxoNZtWsF+vdbgTi5N
FE+TGBygtre0M1IYh/uiDln8TkPOIybfPqYH6dDPn8beQgNyjUI7suJ3doVG1fh9
5wjzy6wSYTK6FCSX8qiHFAUu8/JyK0FQAOelDR/MgdIZdf83tqcT2ROdLhK3QPxk
uC5Ce8n2K1EJ5KbdUbZy8HMHW4QwSHPQJssk6xh7XyZCGuqAUsxIRvws4IhlLeTX
b/6BTh+RAgMBAAECggEAMS4wkQsaMW20QGM2AFgo6yaRkf6lsBtVv47siEscod6g
5jRfefSCUjp7oqruquvk5LSM2l093xAdpqx+EeifnC1f5dqUP8+hpZD5BaPwIYKv
iYry4p6zXrwE0RKVefDCgF1/3qeuho8fypNcTc9KTR2/NG40KSQs2YY+E2d+TKGW
ihoFFnczjb85UplTabKfb0PQQyPGZoeRhTWzqtCxNSUdz6rKrfAmin9CuGXjyClH
CZ9m/cX9cmCDkBncocjQKAlEU7UEIPyqXCoAS4v4+bNs5dYj2gx9M3gGGTGlYaxz
meH8IwI7xkemLRmr/bSbVAiE2WnQSvzcZrcvVb8JIwKBgQDmoS1lHF2NYjWUWk7T
xgN23vBrLBjAPpUUw/e60G7r7wtbLOdnixjcYLRigZTWvJ6n889JCvFf81u/Bjxp
kH820kYORtqhtPBUkAC+vY4xmJU8ixV7k5pO1uVeBSJDczksu5klF54REzq6IRyI
uBYFZJDFHpWh83Pg83+t6xlBuwKBgQDbS6/OVy38+RzKLVqN4L5X5dJQZU/LskWk
sF4G3eXg9aDpP0G2cMD3RJtCjlr8g3f6K7k5Z4Lg9aMrKOtx3cTmHCiybGQHrevU
9GZlrg0ulAOVA1Lrm88wcEyt+XbDO309ZLJV0DEwCja6LsHvxuz2FGWyFirMwqFB
cnrCum65IwKBgQDJvAanQQ6cE2HmqK/3EmgJXK1UMbhcwOFKzrgtUxETk3+Ne1PX
AJb4fiaLW+nDhC4Ln3qb29STJ54DFANYG6sLWxcoedXYSRtH/MaKEekFfQBdexOJ
iu0ZNWRgv4DfGzTR6i7lgSkkqnteQIRjGxM4GGWB52TfysJ77MKscM8g7QKBgDLR
WD01wKd1xvEnD2v/X7yYumL9Bz/J4Q+n+zIWK9Y0tYQ3r2+qs1zZni0PNhB8Gspz
ZWnjDdY5tgUjZ2Qsoxs7/UZTjd6ltBfWRwBbFBzuGeJnMcj9g0bTT0GlpJrbZ0tZ
0WXHaA6c30/H1BNPgswHsAVT07k9hQbYk5AaidwHAoGBAI/al8m64Fp18yuBtxPd
U3IaVEtaTfa4ecTTIbJXzi/SthEb4qduEaGEVh28mesB9MwDbhJiYoIOCHXQ4Igk
/ruckUPraCm8ZyLVZSuuKRFQNZ/SRtKwtSqyJfvXoeKIsZgsLH0Y+/Tc14EoBST8
Qfk44OXFwPThc9uTI9lxaYci
-----END PRIVATE KEY-----
"""
