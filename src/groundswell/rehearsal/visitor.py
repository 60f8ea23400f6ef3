"""What one visitor does, as the page's script does it: look, perhaps watch, perhaps act."""

import random
import secrets
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from urllib.parse import quote_plus, urlencode

import msgspec

from groundswell.base import passes
from groundswell.rehearsal.page import Field, Page
from groundswell.rehearsal.target import Target

_AGENTS: Final = {
    "phone": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 (rehearsal)",
    "desk": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (rehearsal)",
}
_FORM: Final = "application/x-www-form-urlencoded;charset=UTF-8"
_COMMENT: Final = "We hope that those who decide will listen to the people who live here. "
WATCH_SECONDS: Final = 10.0  # how often the page's script looks up the count
WATCHES: Final = 200  # at most, however long somebody stays


class Habits(msgspec.Struct, frozen=True):
    """What visitors do. `think` is in a life's seconds; `looks`: how often a watcher looks."""

    act_share: float
    watch_share: float
    think: float
    looks: float
    languages: Mapping[str, float]
    devices: Mapping[str, float]


class Plan(NamedTuple):
    """One visitor's intentions."""

    page: Page
    device: str
    acts: bool
    think: float
    watches: int


class Script:
    """Makes up visitors and writes their requests. Everything is decided by its own dice."""

    def __init__(
        self,
        *,
        target: Target,
        pages: Sequence[Page],
        habits: Habits,
        token: str,
        run: str,
        seed: int,
    ) -> None:
        self._pages = {page.lang: page for page in pages}
        self._first = pages[0]
        self._habits = habits
        self._run = run
        self._dice = random.Random(seed)  # noqa: S311  nothing secret is made of it
        self._langs = list(habits.languages)
        self._devices = list(habits.devices)
        self._heads = {device: _head(target, device) for device in self._devices}
        self._post = (
            f"Accept: application/json\r\nContent-Type: {_FORM}\r\n"
            f"Origin: {target.origin}\r\nSec-Fetch-Site: same-origin\r\n"
            f"{passes.HEADER}: {token}\r\n"
        )

    def visitor(self) -> Plan:
        """The next visitor."""
        dice, habits = self._dice, self._habits
        lang = dice.choices(self._langs, list(habits.languages.values()))[0]
        device = dice.choices(self._devices, list(habits.devices.values()))[0]
        watches = 1  # the script asks once in any case
        if dice.random() < habits.watch_share:
            watches += min(WATCHES, round(dice.expovariate(1 / max(0.1, habits.looks))))
        return Plan(
            page=self._pages.get(lang, self._first),
            device=device,
            acts=dice.random() < habits.act_share,
            think=min(dice.lognormvariate(0, 0.5), 4) * habits.think,
            watches=watches,
        )

    def get(self, path: str, device: str) -> bytes:
        """The request for a file."""
        return f"GET {path} HTTP/1.1\r\n{self._heads[device]}\r\n".encode()

    def post(self, plan: Plan) -> bytes:
        """The request that sends the form, filled in by somebody who does not exist."""
        values = [(one.name, value) for one in plan.page.fields if (value := self._value(one))]
        values += [("key", secrets.token_hex(32)), ("shown", str(self._dice.randint(4000, 90000)))]
        body = urlencode(values, quote_via=quote_plus).encode()
        head = (
            f"POST {plan.page.path} HTTP/1.1\r\n{self._heads[plan.device]}"
            f"{self._post}Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _value(self, field: Field) -> str:
        dice = self._dice
        match field.kind:
            case "email":
                # A name that is reserved for examples: nobody can ever get a mail there.
                return f"rehearsal.{self._run}.{dice.getrandbits(48):012x}@example.org"
            case "hidden":
                return field.value
            case "checkbox":
                return field.value or "on" if field.required or dice.random() < 0.4 else ""
            case "select" | "radio":
                wanted = field.options and (field.required or dice.random() < 0.6)
                return dice.choice(field.options) if wanted else ""
            case "textarea":
                talks = field.required or dice.random() < 0.2
                return _COMMENT * dice.randint(1, 4) if talks else ""
            case _:
                return self._line(field) if field.required else ""

    def _line(self, field: Field) -> str:
        if field.kind == "tel":
            return "+442079460000"
        if field.name == "postcode":
            return "SW1A 1AA"
        return self._dice.choice(("Amina", "Zoë", "José", "Ngọc", "O'Brien", "Rehearsal"))


def _head(target: Target, device: str) -> str:
    return (
        f"Host: {target.authority}\r\nUser-Agent: {_AGENTS[device]}\r\n"
        "Accept-Encoding: gzip, deflate, br\r\nAccept-Language: en\r\n"
    )
