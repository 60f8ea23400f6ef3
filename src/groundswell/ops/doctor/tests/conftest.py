"""A healthy host, in which each test breaks one thing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from groundswell.base import env, keyring
from groundswell.ops.doctor.finding import ROLES, Finding, Host, Role

HostFactory = Callable[..., Host]


@pytest.fixture
def host(tmp_path: Path) -> HostFactory:
    """Makes a host with a data folder that is as it should be."""
    keyring.init(tmp_path / "keys")
    for name in ("journal", "media", "export", "site/specs", "site/public"):
        (tmp_path / name).mkdir(parents=True, mode=0o700)
    for name in ("db.sqlite3", "site/generation", "site/manifest.json"):
        (tmp_path / name).touch(mode=0o600)

    def make(roles: tuple[Role, ...] = ROLES, **settings: str) -> Host:
        environ = {f"GROUNDSWELL_{name.upper()}": value for name, value in settings.items()}
        return Host(env.read({"GROUNDSWELL_VAR": str(tmp_path), **environ}), roles)

    return make


def only(findings: list[Finding], level: str = "wrong") -> Finding:
    """The one finding there is; it says what mends it."""
    assert [finding.level for finding in findings] == [level], findings
    assert level == "ok" or findings[0].mend
    return findings[0]
