"""`groundswell cwc validate`: whether a message would pass our rules for Congress."""

import sys
from pathlib import Path

from groundswell.base.errors import Trouble
from groundswell.delivery.channels.cwc import rules, writer
from groundswell.delivery.channels.cwc.sample import MESSAGE


def validate(*, file: str, sample: bool) -> int:
    """Say what of a CWC message's file would be refused, or write a sample. Nothing is sent."""
    if sample:
        sys.stdout.write(writer.write(MESSAGE).decode() + "\n")
        return 0
    if not file:
        raise Trouble("name a file, or say --sample")
    try:
        message = writer.read(Path(file).read_bytes())
    except OSError as error:
        raise Trouble(f"{file} cannot be read: {error.strerror}") from error
    except writer.NotCwc as error:
        raise Trouble(f"{file}: {error}") from error
    broken = rules.check(message)
    for one in broken:
        print(one)
    print("No rule is broken." if not broken else f"{len(broken)} would be refused.")
    return 1 if broken else 0
