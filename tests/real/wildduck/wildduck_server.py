"""Starts a real WildDuck on loopback, with its database and Redis, and stops all three by their pids.

Run as a program it goes on until Ctrl-C:

    PYTHONPATH=tests/real python tests/real/wildduck/wildduck_server.py
"""

from __future__ import annotations

import http.client
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from installing import CannotStart
from processes import await_ready, free_ports, launched, listens, stop
from wildduck_tools import WILDDUCK, Tools, installed_tools

TOKEN = "a-token-for-the-tests"
_HERE = Path(__file__).resolve().parent
# One connection to the database: on two, what one has just written SecantusDB may not show to the other yet.
_CONFIGURATION = """\
emailDomain = "example.test"
[dbs]
mongo = "mongodb://127.0.0.1:{database}/wildduck?maxPoolSize=1"
sender = "zone-mta"
[dbs.redis]
host = "127.0.0.1"
port = {redis}
db = 3
[log]
level = "info"
[api]
enabled = true
host = "127.0.0.1"
port = {api}
accessToken = "{token}"
# The rights that are kept from the operator by default.
[api.roles.root.audit]
"create:any" = ["*"]
"read:any" = ["*"]
"update:any" = ["*"]
[api.roles.root.export]
"create:any" = ["*"]
[api.roles.root.import]
"create:any" = ["*"]
[imap]
enabled = false
[lmtp]
enabled = false
[pop3]
enabled = false
[sender]
enabled = true
"""


@dataclass(frozen=True)
class RealWildDuck:
    """A WildDuck that runs: its address, its token, and the folder with its logs."""

    url: str
    token: str
    folder: Path


@contextmanager
def real_wildduck(folder: Path, tools: Tools) -> Iterator[RealWildDuck]:
    """Starts a WildDuck in a folder of its own and stops it again; raises `CannotStart` when it does not come up."""
    api, redis, database = free_ports(3)
    folder.mkdir(parents=True, exist_ok=True)
    configuration = folder / "wildduck.toml"
    configuration.write_text(_CONFIGURATION.format(api=api, redis=redis, database=database, token=TOKEN))
    data = folder / "data"
    data.mkdir()
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, data, ignore_errors=True)

        def run(name: str, where: Path, ready: Callable[[], bool], *command: str | Path) -> None:
            process = launched(folder / f"{name}.log", where, *command)
            stack.callback(stop, process)
            await_ready(name, process, ready, folder / f"{name}.log")

        server = _under_name("redis-server", tools.redis, data)
        options = ["--save", "", "--appendonly", "no"]
        run("redis", data, lambda: listens(redis), server, "--bind", "127.0.0.1", "--port", str(redis), *options)
        place = ["--host", "127.0.0.1", "--port", str(database), "--storage-path", str(data / "database")]
        options = ["--standalone", "--cache-size", "256M", "--log-level", "WARNING"]
        program = _HERE / "wildduck_database.py"
        run("database", data, lambda: listens(database), tools.database_python, program, *place, *options)
        options = ["--require", str(_HERE / "wildduck_tasks.js"), "server.js", f"--config={configuration}"]
        run("wildduck", tools.application, lambda: _answers(api), tools.node, *options)
        yield RealWildDuck(f"http://127.0.0.1:{api}", TOKEN, folder)


def _under_name(name: str, program: Path, folder: Path) -> Path:
    """Returns a link to a program under the name that tells it what to be."""
    link = folder / name
    link.symlink_to(program)
    return link


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/users", headers={"X-Access-Token": TOKEN})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def main() -> None:
    """Starts a WildDuck, says how to reach it, and waits for Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="wildduck-") as folder:
        try:
            with real_wildduck(Path(folder), installed_tools()) as server:
                print(f"WildDuck {WILDDUCK} answers at {server.url}, token {server.token}", flush=True)
                signal.pause()
        except CannotStart as error:
            sys.exit(f"error: {error}")
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
