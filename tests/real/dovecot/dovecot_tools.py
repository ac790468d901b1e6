"""Installs the two real Dovecots: 2.3 with apt into the system, and 2.4 with debootstrap into a Debian of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from installing import CannotStart, apt_install, cache_alone, program, run_to_end

PACKAGES = ["dovecot-core", "dovecot-imapd", "dovecot-lmtpd"]
SIEVE = "dovecot-sieve"
DEBIAN_OF_2_4 = "trixie"
_FILES_OF_2_3 = ["sbin/dovecot", "lib/dovecot/imap", "lib/dovecot/lmtp", "lib/dovecot/sieve"]
_POLICY = Path("/usr/sbin/policy-rc.d")


@dataclass(frozen=True)
class Dovecot:
    """An installed Dovecot: its version, and the folder that is the root of its system."""

    series: str
    version: str
    root: Path

    def command(self, *words: str | Path) -> list[str]:
        """Returns what runs a program in its system."""
        inside = [] if self.root == Path("/") else [program("chroot"), str(self.root)]
        return [*inside, *(str(each) for each in words)]


def installed_dovecot(series: str) -> Dovecot:
    """Installs Dovecot `2.3` or `2.4` where it is missing; raises `CannotStart`."""
    if os.geteuid() != 0:
        raise CannotStart("Dovecot runs its processes as several users, so it has to be started by root")
    with cache_alone() as cache:
        root = Path("/") if series == "2.3" else _debian(cache)
        if series == "2.3" and not all((root / "usr" / each).exists() for each in _FILES_OF_2_3):
            _from_apt(cache)
    dovecot = Dovecot(series, "", root)
    try:
        told = subprocess.run(
            dovecot.command("/usr/sbin/dovecot", "--version"), capture_output=True, text=True, timeout=30, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotStart(f"Dovecot {series} does not tell its version: {error}") from error
    version = told.split()[0]
    if not version.startswith(f"{series}."):
        raise CannotStart(f"the Dovecot of this system is {version}, not {series}")
    return Dovecot(series, version, root)


def _from_apt(cache: Path) -> None:
    """Installs into this system, and keeps the service of the package from starting."""
    ours = not _POLICY.exists()
    if ours:
        _POLICY.write_text("#!/bin/sh\nexit 101\n")
        _POLICY.chmod(0o755)
    try:
        apt_install(cache, *PACKAGES, SIEVE)
    finally:
        if ours:
            _POLICY.unlink()


def _debian(cache: Path) -> Path:
    """Returns the root of a small Debian that has Dovecot."""
    root = cache / f"dovecot-{DEBIAN_OF_2_4}"
    if not (root / "complete").exists():
        if not shutil.which("debootstrap"):
            apt_install(cache, "debootstrap")
        shutil.rmtree(root, ignore_errors=True)
        what = ["--variant=minbase", f"--include={','.join(PACKAGES)}", DEBIAN_OF_2_4, str(root)]
        run_to_end([program("debootstrap"), *what, *_mirror()], cache, cache / f"{root.name}.log")
        (root / "complete").touch()
    return root


def _mirror() -> list[str]:
    """Returns where this machine has its own Debian from, if it is one; debootstrap knows another place."""
    told = subprocess.run(
        [program("apt-get"), "indextargets", "--format", "$(LABEL) $(REPO_URI)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    ).stdout
    return [line.split()[1] for line in told.splitlines() if line.startswith("Debian ")][:1]
