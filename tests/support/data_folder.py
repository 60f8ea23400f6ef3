"""A pytest plugin: a data folder of its own and keys, before anything reads the settings.

It is named with `-p` in pyproject.toml, because pytest-django loads Django's settings before any
conftest.py. Of the caller's settings only the database is taken over, so that the same tests can
run on PostgreSQL.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from groundswell.base import env, keyring
from groundswell.studio import catalogue

KEPT = {f"{env.PREFIX}DATABASE"}
for name in [name for name in os.environ if name.startswith(env.PREFIX) and name not in KEPT]:
    del os.environ[name]

FOLDER = Path(tempfile.mkdtemp(prefix="groundswell-test-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ[f"{env.PREFIX}VAR"] = str(FOLDER)
# What all processes of a run share: the folder of the first of them, which outlives the others.
RUN = Path(os.environ.setdefault("TEST_RUN", str(FOLDER)))
keyring.init(FOLDER / "keys")
# As `groundswell prepare` does: without them every page and mail would be in English.
catalogue.compile()
