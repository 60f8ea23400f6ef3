"""`groundswell keys …`: the key files by hand."""

import importlib
from typing import Final

from groundswell.base import env, keyring
from groundswell.base.errors import Trouble
from groundswell.base.keyring import Purpose
from groundswell.ops import django
from groundswell.ops.progress import Progress

# What is lost with an old key, where no machine can make sure that nothing is.
_LOST: Final[dict[Purpose, str]] = {
    "seal": "whatever waits in the journal or in quarantine sealed for an old key is lost for good",
    "link": "the links in mails sent before the rotation stop working",
    "session": "every organiser must log in again, and no private link works any more",
    "rehearsal": "passes signed before the rotation are refused",
}


def init() -> None:
    """Make what is missing and touch nothing that is there."""
    folder = env.load().path("keys")
    made = keyring.init(folder)
    if made:
        print(f"Made the keys for {', '.join(made)} in {folder}. Back that folder up, apart from")
        print("the database: either one alone shows nobody's name, and without the keys nothing")
        print("that was sealed can ever be read again.")
    else:
        print(f"All keys are there already, in {folder}.")


def rotate(*, purpose: Purpose) -> None:
    """Put a fresh key first."""
    fresh = keyring.rotate(env.load().path("keys"), purpose)
    print(f"The {purpose} key is now {fresh.id}; the older ones still open what they sealed.")
    if purpose == "data":
        print("`groundswell keys reseal` brings the rows to it.")
    elif purpose == "index":
        print("Stop core, then `groundswell keys reindex` brings the rows to it.")
    else:
        print("Restart the processes so that they use it.")


def reseal() -> None:
    """Seal all personal data to the current data key. May run while everything works."""
    django.prepared()
    _rotate("reseal", "Sealing")
    accounts = importlib.import_module("groundswell.studio.second_factor").reseal()
    if accounts:
        print(f"{accounts} second factor{'' if accounts == 1 else 's'} of organisers changed.")
    answers = importlib.import_module("groundswell.delivery.inbox.replies").reseal()
    if answers:
        print(f"{answers} answer{'' if answers == 1 else 's'} of decision makers changed.")
    talks = importlib.import_module("groundswell.directline.vault").reseal()
    if talks:
        print(f"{talks} row{'' if talks == 1 else 's'} of the direct line changed.")
    contacts = importlib.import_module("groundswell.messengers.contact").reseal()
    if contacts:
        print(f"{contacts} contact{'' if contacts == 1 else 's'} of messengers changed.")


def reindex() -> None:
    """Index all addresses with the current index key. Core must be stopped."""
    django.prepared()
    _rotate("reindex", "Indexing")


def retire(*, purpose: Purpose, sure: bool) -> None:
    """Forget every key but the current one. Raises Trouble when that might lose something."""
    if purpose == "data":
        reseal()
    elif purpose == "index":
        reindex()
        _keep_stops(sure=sure)
    elif not sure:
        raise Trouble(f"{_LOST[purpose]}; if that is meant, say it again with --sure")
    gone = keyring.retire(env.load().path("keys"), purpose)
    print(f"{gone} old {purpose} key{'' if gone == 1 else 's'} forgotten.")


def _keep_stops(*, sure: bool) -> None:
    number = importlib.import_module("groundswell.people.rotate").stranded()
    if number and not sure:
        raise Trouble(
            f"{number} of those who asked for no more mail are erased, so only an older index key"
            " still recognises their address: without it we would write to them again. Keep the"
            " old keys; or if that is meant, say it again with --sure"
        )


def _rotate(step: str, text: str) -> None:
    progress = Progress(text)
    changed = getattr(importlib.import_module("groundswell.people.rotate"), step)(progress.show)
    progress.done()
    print(f"{changed} row{'' if changed == 1 else 's'} changed.")
