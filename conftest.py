"""Test set-up: a data folder of its own, with keys, before anything reads the settings."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_FOLDER = tempfile.mkdtemp(prefix="groundswell-test-")
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
os.environ["GROUNDSWELL_VAR"] = _FOLDER

from groundswell.base import keyring  # noqa: E402  the data folder comes first

keyring.init(Path(_FOLDER, "keys"))
