"""What each process may load, seen in a fresh Python."""

import json
import subprocess
import sys

import pytest

HEAVY = {"django", "wagtail", "psycopg", "pysqlite3", "babel", "allauth"}


def loaded(*imports: str) -> set[str]:
    """The top-level packages in memory after importing these modules."""
    program = (
        f"import importlib, json, sys; [importlib.import_module(n) for n in {imports!r}];"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    "imports",
    [
        ("groundswell.base.wire", "groundswell.base.sealing", "groundswell.base.keyring"),
        ("groundswell.kinds.registry",),
        ("groundswell.intake.server", "groundswell.intake.rsgi"),
        ("groundswell.cli", "groundswell.ops.serve"),
    ],
    ids=["base", "kinds", "intake", "command"],
)
def test_it_loads_no_framework_at_the_public_door(imports: tuple[str, ...]) -> None:
    assert not loaded(*imports) & HEAVY


def test_it_would_see_a_framework() -> None:
    assert "django" in loaded("groundswell.campaigns.apps") & HEAVY
