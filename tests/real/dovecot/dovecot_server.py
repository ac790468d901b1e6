"""Starts a real Dovecot on loopback in a folder of its own, and stops it by its pid.

Run as a program it goes on until Ctrl-C:

    PYTHONPATH=tests/real python tests/real/dovecot/dovecot_server.py 2.4
"""

from __future__ import annotations

import http.client
import os
import secrets
import shutil
import signal
import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from dovecot_settings import OWNER, settings, users
from dovecot_tools import Dovecot, installed_dovecot
from installing import CannotStart, tail
from processes import await_ready, free_ports, launched, stop

JANE, JOE = "jane@example.org", "joe@example.org"
MAIL_PASSWORD = "a-password-of-a-user"


@dataclass(frozen=True)
class RealDovecot:
    """A Dovecot that runs: its addresses and secrets, its folder, and what that is called inside its own system."""

    series: str
    version: str
    url: str
    password: str
    key: str
    imap: int
    lmtp: int
    home: Path
    inside: str

    def log(self) -> str:
        """Returns the end of what it wrote."""
        return tail(self.home / "dovecot.log")


@contextmanager
def real_dovecot(dovecot: Dovecot, *, everything: bool) -> Iterator[RealDovecot]:
    """Starts a Dovecot and stops it again, either a plain one or one with all plugins and dictionaries.

    Raises `CannotStart` when it does not come up.
    """
    with ExitStack() as stack:
        # The paths of Unix sockets have to be short, and the processes, which are of several users, have to reach them.
        home = Path(tempfile.mkdtemp(prefix="dovecot-", dir=dovecot.root / "tmp"))
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        home.chmod(0o755)
        for name in ("run", "state", "mail", "scratch", "files"):
            (home / name).mkdir()
        os.chown(home / "mail", OWNER, OWNER)
        # Root and users share it.
        (home / "files" / "dictionary").touch()
        for name in ("files", "files/dictionary"):
            os.chown(home / name, OWNER, OWNER)
        inside = f"/{home.relative_to(dovecot.root)}"
        port, imap, lmtp = free_ports(3)
        password, key = secrets.token_hex(8), secrets.token_hex(8)
        given = {"home": inside, "name": home.name, "port": port, "imap": imap, "lmtp": lmtp}
        text = settings(dovecot.series, dovecot.version, everything=everything, password=password, key=key, **given)
        (home / "dovecot.conf").write_text(text)
        (home / "users").write_text(users(inside, {JANE: MAIL_PASSWORD, JOE: MAIL_PASSWORD}))
        start = dovecot.command("/usr/sbin/dovecot", "-F", "-c", f"{inside}/dovecot.conf")
        process = launched(home / "start.log", home, *start)
        stack.callback(stop, process)
        try:
            await_ready("Dovecot", process, lambda: _answers(port, password), home / "start.log")
        except CannotStart as error:
            raise CannotStart(f"{error}\n{tail(home / 'dovecot.log')}") from error
        url = f"http://127.0.0.1:{port}"
        yield RealDovecot(dovecot.series, dovecot.version, url, password, key, imap, lmtp, home, inside)


def _answers(port: int, password: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        word = b64encode(f"doveadm:{password}".encode()).decode()
        connection.request("GET", "/doveadm/v1", headers={"Authorization": f"Basic {word}"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def main() -> None:
    """Starts a Dovecot, says how to reach it, and waits for Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with real_dovecot(installed_dovecot(*sys.argv[1:]), everything=True) as server:
            print(f"Dovecot {server.version} answers at {server.url}, password {server.password}", flush=True)
            print(f"IMAP on {server.imap}, LMTP on {server.lmtp}, files in {server.home}", flush=True)
            signal.pause()
    except CannotStart as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        print("stopped")


if __name__ == "__main__":
    main()
