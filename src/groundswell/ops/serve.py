"""The processes, each as one command."""

import importlib
import logging
import os

from groundswell.base import env, keyring, modes
from groundswell.base.errors import Trouble
from groundswell.ops import django
from groundswell.ops.supervisor import READY


def intake() -> None:
    """The public door. Loads no Django, and needs of all keys only the public one."""
    os.umask(modes.DOOR_UMASK)
    settings = env.load()
    keyring.sealing_key(settings.path("keys"))
    # By name: whoever reads this module for another command must not pull in the door.
    importlib.import_module("groundswell.intake.server").run(settings)


def ferry() -> None:
    """What hands the journal to a core on another machine. Needs no key at all."""
    os.umask(modes.DOOR_UMASK)
    settings = env.load()
    logging.basicConfig(level=logging.INFO, format="ferry %(levelname)s %(message)s")
    importlib.import_module("groundswell.intake.ferry").run(settings)


def voice() -> None:
    """What Twilio asks during a call. Loads no Django, and needs the public key only."""
    os.umask(modes.DOOR_UMASK)
    settings = env.load()
    keyring.sealing_key(settings.path("keys"))
    if not settings.rings:
        raise Trouble(
            f"{env.PREFIX}TWILIO_ACCOUNT_SID, _AUTH_TOKEN and _NUMBER are not all set: without "
            "them nobody can be rung"
        )
    importlib.import_module("groundswell.intake.voice.server").run(settings)


def core() -> None:
    """The loops: drain, mail, counts."""
    settings = env.load()
    keyring.opening_keys(settings.path("keys"))
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    django.prepared()
    loops = importlib.import_module("groundswell.core")
    print(READY, flush=True)
    loops.run(settings)


def studio() -> None:
    """The organisers' web."""
    settings = env.load()
    django.prepared()
    importlib.import_module("groundswell.studio.server").run(settings)
