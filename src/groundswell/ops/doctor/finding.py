"""What a check finds, and the host it looks at."""

from typing import Final, Literal

import msgspec

from groundswell.base.env import PREFIX, Settings

Level = Literal["ok", "note", "wrong"]
Role = Literal["intake", "core", "studio"]
ROLES: Final[tuple[Role, ...]] = ("intake", "core", "studio")


class Finding(msgspec.Struct, frozen=True):
    """One thing that is well (`ok`), worth knowing (`note`) or must be mended (`wrong`)."""

    level: Level
    subject: str
    text: str
    mend: str = ""


class Host(msgspec.Struct, frozen=True):
    """The machine that is looked at, and which of the processes run on it."""

    settings: Settings
    roles: tuple[Role, ...] = ROLES

    @property
    def serious(self) -> Level:
        """The level of what matters once others rely on this installation."""
        return "wrong" if self.settings.production else "note"

    def has(self, *roles: Role) -> bool:
        """Whether one of these processes runs here."""
        return any(role in self.roles for role in roles)


def setting(name: str) -> str:
    """A setting's name as it stands in the environment."""
    return f"{PREFIX}{name.upper()}"
