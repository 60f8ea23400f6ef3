"""`groundswell keys …`: the key files by hand."""

from groundswell.base import env, keyring
from groundswell.base.keyring import Purpose


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
    print("Restart the processes so that they use it.")


def retire(*, purpose: Purpose) -> None:
    """Forget every key but the current one."""
    gone = keyring.retire(env.load().path("keys"), purpose)
    print(f"{gone} old {purpose} key{'' if gone == 1 else 's'} forgotten.")
