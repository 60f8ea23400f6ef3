"""Templates to pages: an engine of its own, so that nothing of the studio leaks into a page."""

import base64
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from django.template import Context, Engine
from django.utils import translation

from groundswell.campaigns.render_views import Language
from groundswell.kinds.registry import KINDS

FOLDER: Final = Path(__file__).parent
ASSETS: Final = FOLDER / "assets"
_SLOT: Final = re.compile("\x02([^\x02\x03]*)\x03")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_INDENT: Final = re.compile(r"\s*\n\s*")
NAMES: Final = {
    "ar": "العربية",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
}


def language(code: str) -> Language:
    """A language by its code, named in its own words."""
    from babel import Locale  # noqa: PLC0415  slow to import, not every process renders

    locale = Locale.parse(code, sep="-")
    direction = "rtl" if locale.text_direction == "rtl" else "ltr"
    return Language(code, NAMES.get(code) or (locale.display_name or code).capitalize(), direction)


def slot(name: str) -> str:
    """The mark where intake puts something of the visitor's into a page."""
    return f"\x02{name}\x03"


def fill(html: str, values: dict[str, str]) -> str:
    """A page with its slots filled; a slot without a value becomes empty."""
    return _SLOT.sub(lambda match: values.get(match[1], ""), html)


def slots(html: str) -> list[str]:
    """The names of a page's slots, in order."""
    return _SLOT.findall(html)


def plain(text: str) -> str:
    """Text from an organiser without control characters, which could pass for a slot."""
    return _CONTROL.sub("", text).strip()


@dataclass(frozen=True)
class Style:
    """A style sheet that pages carry, and its hash for the policy."""

    css: str
    hash: str


@cache
def style(name: str = "page") -> Style:
    """A style sheet made small: every page's, or what `reach` or `letter` pages have besides."""
    css = _INDENT.sub("", (ASSETS / f"{name}.css").read_text(encoding="utf-8")).strip()
    digest = base64.b64encode(sha256(css.encode()).digest()).decode()
    return Style(css, f"'sha256-{digest}'")


@cache
def script_name(name: str = "page") -> str:
    """A script's public path, with its hash, so that it can be kept for ever."""
    digest = sha256((ASSETS / f"{name}.js").read_bytes()).hexdigest()[:12]
    return f"assets/{name}.{digest}.js"


def headers(*, frame_ancestors: str = "'none'", asks_where: bool = False) -> dict[str, str]:
    """The headers each page is served with: nothing from elsewhere, nothing inline but the CSS.

    `asks_where`: its script may ask the device where it is, when somebody presses for it.
    """
    policy = {
        "default-src": "'none'",
        "style-src": " ".join(style(name).hash for name in ("page", "reach", "letter")),
        "script-src": "'self'",
        # A preview in the studio has pictures that are nowhere else yet.
        "img-src": "'self' data:" if frame_ancestors == "'self'" else "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": frame_ancestors,
    }
    where = "(self)" if asks_where else "()"
    return {
        "permissions-policy": f"camera=(), geolocation={where}, microphone=(), payment=()",
        "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        # The links in our mails carry a token in their address: it must not travel on.
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
    }


@cache
def _engine() -> Engine:
    return Engine(
        dirs=[str(FOLDER / "templates"), *(str(kind.templates) for kind in KINDS.values())],
        libraries={
            "i18n": "django.templatetags.i18n",
            "public": "groundswell.campaigns.render_tags",
        },
        autoescape=True,
    )


def render(template: str, *, lang: str, **context: Any) -> str:
    """A page in a language, slots and all."""
    full = {
        "style": style(),
        "script": "/" + script_name(),
        "reach": {"style": style("reach"), "script": "/" + script_name("reach")},
        "paper": style("letter"),
        "lang": language(lang),
        **context,
    }
    with translation.override(lang):
        html = _engine().get_template(template).render(Context(full))
    return _INDENT.sub("\n", html).strip() + "\n"
