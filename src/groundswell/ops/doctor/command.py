"""`groundswell doctor`: looks at everything it can, and says what is wrong and what mends it."""

import importlib
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import msgspec

from groundswell.base import env, mark
from groundswell.ops.doctor import (
    accounts,
    clocks,
    database,
    disk,
    mail,
    network,
    ringing,
    site,
    versions,
)
from groundswell.ops.doctor.finding import ROLES, Finding, Host, Role

Check = Callable[[Host], Iterable[Finding]]


def backups(host: Host) -> Iterator[Finding]:
    """That there are any; how old the newest is, the dashboard says, too."""
    last = mark.read(host.settings)
    if last is None:
        yield Finding(
            "note",
            "backup",
            "`groundswell backup` has never been run here",
            "run it once a day, or be sure that something else does as much",
        )
    else:
        yield Finding("ok", "backup", f"the last was made on {last.at:%Y-%m-%d}, in {last.path}")


def letters(host: Host) -> Iterable[Finding]:
    """By name, for the same reason as the one below."""
    found: Iterable[Finding] = importlib.import_module("groundswell.ops.doctor.letters").check(host)
    return found


def dns_records(host: Host) -> Iterable[Finding]:
    """By name: the library that asks the DNS is not installed where the public door runs alone."""
    found: Iterable[Finding] = importlib.import_module("groundswell.ops.doctor.records").check(host)
    return found


# Every check, and where it belongs.
CHECKS: Final[tuple[tuple[Check, tuple[Role, ...]], ...]] = (
    (versions.check, ROLES),
    (accounts.check, ROLES),
    (clocks.check, ROLES),
    (disk.check, ("intake", "core")),
    (site.check, ROLES),
    (network.check, ("intake",)),
    (database.check, ("core", "studio")),
    (mail.check, ("core",)),
    (dns_records, ("core",)),
    (letters, ("core",)),
    (ringing.check, ("core",)),
    (backups, ("core",)),
)


def run(*, role: str, json: bool) -> int:
    """Say what was found; 1 when something is wrong."""
    settings = env.load()
    host = Host(settings, roles(role, settings))
    found = list(examine(host))
    if json:
        print(msgspec.json.format(msgspec.json.encode(found), indent=1).decode())
    else:
        for finding in found:
            print(line(finding), flush=True)
        print(_total(found))
    return int(any(finding.level == "wrong" for finding in found))


def examine(host: Host) -> Iterator[Finding]:
    """All findings of all checks that belong to this host."""
    for check, where in CHECKS:
        if not host.has(*where):
            continue
        try:
            yield from check(host)
        except OSError as error:
            yield Finding(
                "wrong",
                check.__module__.rpartition(".")[2],
                f"cannot be looked at: {error.strerror}: {error.filename}",
                "run this as the account that the processes of this host run as",
            )


def roles(asked: str, settings: env.Settings) -> tuple[Role, ...]:
    """The processes of this host: as asked, or all; intake alone where there is no private key.

    Where there are some, one that is missing is a loss and no sign of an intake host.
    """
    if asked != "guess":
        return ROLES if asked == "all" else (msgspec.convert(asked, Role),)
    public = settings.path("keys", "public", "seal.json").exists()
    return ("intake",) if public and not accounts.holds_private_keys(settings) else ROLES


def line(finding: Finding) -> str:
    """A finding as a person reads it."""
    mend = f" -> {finding.mend}" if finding.mend else ""
    return f"{finding.level:<5}  {finding.subject}: {finding.text}{mend}"


def _total(found: list[Finding]) -> str:
    wrong = sum(finding.level == "wrong" for finding in found)
    return "Nothing is wrong." if not wrong else f"{wrong} to mend."
