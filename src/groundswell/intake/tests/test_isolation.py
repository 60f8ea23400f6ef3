"""The public door must run where there is no Django, and cannot reach what it must not hold."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["rsgi", "server", "journal_reader", "voice.server"])
def test_it_loads_no_framework_and_no_database_driver(module: str) -> None:
    program = (
        f"import sys, groundswell.intake.{module};"
        "bad = {'django', 'wagtail', 'psycopg', 'sqlite3', 'allauth'} & set(sys.modules);"
        "sys.exit(f'loaded: {bad}' if bad else 0)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr


def test_control_the_look_would_find_a_framework() -> None:
    program = "import sys, django; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 1
