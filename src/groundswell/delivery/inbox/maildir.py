"""A mailbox in a folder, as most mail servers deliver (Maildir): no password, no connection."""

from collections.abc import Iterator
from pathlib import Path

from groundswell.delivery.inbox.mailbox import MOST_BYTES, Mail
from groundswell.delivery.post import ServerDown


class Maildir:
    """The Maildir at a path, which somebody else's mail server fills."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def mails(self, limit: int) -> Iterator[Mail]:
        try:
            found = [
                f"{place}/{entry.name}"
                for place in ("new", "cur")
                for entry in (self._path / place).iterdir()
                if not entry.name.startswith(".")
            ]
        except OSError as error:
            raise ServerDown(f"{self._path}: {error.strerror}") from error
        for name in sorted(found, key=lambda one: one.partition("/")[2])[:limit]:
            try:
                with (self._path / name).open("rb") as file:
                    raw = file.read(MOST_BYTES + 1)
            except FileNotFoundError:
                continue  # whoever looks into the mailbox with a mail program moves them about
            except OSError as error:
                raise ServerDown(f"{self._path / name}: {error.strerror}") from error
            yield Mail(name, raw[:MOST_BYTES], len(raw) > MOST_BYTES)

    def done(self, name: str) -> None:
        (self._path / name).unlink(missing_ok=True)

    def keep(self, name: str, folder: str) -> None:
        place = self._path / f".{folder}"
        for part in ("tmp", "new", "cur"):
            (place / part).mkdir(parents=True, exist_ok=True, mode=0o700)
        (self._path / name).rename(place / "new" / name.partition("/")[2].partition(":")[0])

    def close(self) -> None:
        """Nothing is open between two mails."""
