"""What is rehearsed: figures, each with where it is from. Shipped ones are in `scenarios/`."""

import tomllib
from importlib import resources
from pathlib import Path
from typing import Annotated, Final

import msgspec

from groundswell.base.errors import Trouble
from groundswell.rehearsal.curve import Curve, Tail

DEFAULT: Final = "two-networks"
_FOLDER: Final = "scenarios"

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Positive = Annotated[float, msgspec.Meta(gt=0)]


class Figure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number and its source; an assumption says that it is one."""

    value: Positive
    source: Annotated[str, msgspec.Meta(min_length=10)]


class ShareFigure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A share from 0 to 1 and its source."""

    value: Share
    source: Annotated[str, msgspec.Meta(min_length=10)]


class Mix(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shares that add up to 1, by name."""

    value: dict[str, Share]
    source: Annotated[str, msgspec.Meta(min_length=10)]


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A surge in figures. `followers` times `click_share` come within `hours`."""

    title: str
    about: str
    followers: Figure
    click_share: ShareFigure
    minutes_to_peak: Figure
    minutes_to_half: Figure
    hours: Figure
    act_share: ShareFigure
    watch_share: ShareFigure
    think_seconds: Figure
    watch_minutes: Figure
    languages: Mix
    devices: Mix
    tail: Tail = "long"
    name: str = ""

    @property
    def visitors(self) -> float:
        """How many come in all."""
        return self.followers.value * self.click_share.value

    @property
    def curve(self) -> Curve:
        """How they arrive, in visitors a second."""
        return Curve(
            visitors=self.visitors,
            rise=self.minutes_to_peak.value * 60,
            half=self.minutes_to_half.value * 60,
            length=self.hours.value * 3600,
            tail=self.tail,
        )


def shipped() -> list[Scenario]:
    """All scenarios that come with Groundswell, the default first."""
    files = [
        file
        for file in resources.files(__package__).joinpath(_FOLDER).iterdir()
        if file.name.endswith(".toml")
    ]
    found = [read(file.read_text(encoding="utf-8"), name=file.name[:-5]) for file in files]
    return sorted(found, key=lambda one: (one.name != DEFAULT, one.name))


def find(name: str) -> Scenario:
    """A shipped scenario by its name, or one of the operator's own from a .toml file.

    Raises Trouble that says what is wrong and where.
    """
    if name.endswith(".toml"):
        path = Path(name)
        try:
            return read(path.read_text(encoding="utf-8"), name=path.stem)
        except (OSError, UnicodeDecodeError) as error:
            raise Trouble(f"the scenario {name} cannot be read: {error}") from error
    every = {one.name: one for one in shipped()}
    if name not in every:
        raise Trouble(f"there is no scenario {name}; there are: {', '.join(every)}")
    return every[name]


def read(text: str, *, name: str) -> Scenario:
    """A scenario from TOML. Raises Trouble that names the field at fault."""
    try:
        scenario = msgspec.convert({**tomllib.loads(text), "name": name}, Scenario)
    except tomllib.TOMLDecodeError as error:
        raise Trouble(f"the scenario {name} is not TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise Trouble(f"the scenario {name}: {error}") from error
    for field in ("languages", "devices"):
        mix: Mix = getattr(scenario, field)
        if abs(sum(mix.value.values()) - 1) > 0.001:
            raise Trouble(f"the scenario {name}: the shares of {field} do not add up to 1")
    unknown = set(scenario.devices.value) - {"phone", "desk"}
    if unknown:
        raise Trouble(f"the scenario {name}: devices are `phone` and `desk`, not {min(unknown)}")
    if scenario.hours.value * 60 <= scenario.minutes_to_peak.value:
        raise Trouble(f"the scenario {name}: the peak of minutes_to_peak is not within `hours`")
    return scenario
