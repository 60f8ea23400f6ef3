"""An invented campaign in several languages with a design for its cards."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

from PIL import Image

from groundswell.campaigns.models import ActionPage, Campaign, SiteHome
from groundswell.campaigns.tests import public_pages
from groundswell.messengers.cards import card
from groundswell.messengers.cards import services as cards
from groundswell.messengers.models import CardDesign

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "en": (
        "Keep the river Lorne clean",
        "The council votes on 14 December. Ask it to stop the new outfall above the bathing place.",
    ),
    "de": (
        "Donaudampfschifffahrtsgesellschaftskapitäne für saubere Flüsse",
        "Hochwasserschutzmaßnahmen statt Abwassereinleitungsgenehmigung",
    ),
    "ar": (
        "أنقذوا نهر لورن من التلوث",
        "يصوّت المجلس في 14 ديسمبر. اطلبوا منه إيقاف المصبّ الجديد فوق مكان السباحة.",
    ),
    "hy": (
        "Պահպանենք Լորն գետի մաքրությունը",
        "Ավագանին քվեարկում է դեկտեմբերի 14-ին։ Խնդրենք դադարեցնել նոր արտահոսքը լողափից վերև։",
    ),
    "vi": (
        "Hãy giữ cho dòng sông Lorne được trong sạch",
        "Hội đồng bỏ phiếu ngày 14 tháng 12. Hãy yêu cầu dừng cống xả mới phía trên bãi tắm.",
    ),
    "ja": (
        "ローン川をきれいなまま未来へ残そう",
        "議会は12月14日に採決します。水浴場の上流に計画されている新しい排水口の中止を求めましょう。",
    ),
}
LOOK: Final = card.Look(
    template="banner", ground="#12343b", ink="#ffffff", accent="#f4b942", shade=72
)


class Scene(NamedTuple):
    """A campaign's pages by language, and the keys that all languages share."""

    campaigns: dict[str, Campaign]
    actions: dict[str, ActionPage]
    key: UUID
    page: UUID


def content(language: str, **said: str) -> card.Content:
    """A card's words with a count, in one of the languages of TEXTS."""
    headline, line = TEXTS[language]
    words = {
        "language": language, "headline": headline, "line": line, "number": "405,999",
        "unit": "people have signed", "as_of": "as of 22 November 2026, 14:05 UTC",
        "brand": "Clean Rivers Network", "address": "act.example.org",
    }  # fmt: skip
    return card.Content(**{**words, **said})


def landscape(*, light: bool = False) -> Image.Image:
    """A picture with a bright and a dark half."""
    made = Image.new("RGB", (1800, 1200), "#ffffff" if light else "#365c3c")
    made.paste("#dfe9f2" if light else "#7fa7c9", (0, 0, 1800, 500))
    return made


def opened(data: bytes) -> Image.Image:
    """A drawn card's pixels."""
    return Image.open(BytesIO(data)).convert("RGB")


def campaign(*languages: str, **fields: Any) -> Scene:
    """A live campaign with one petition, in these languages."""
    first: Scene | None = None
    campaigns, actions = {}, {}
    for code in languages or ("en",):
        home = SiteHome.objects.filter(locale__language_code=code).first()
        home = home or public_pages.make_home(code)
        title, summary = TEXTS[code]
        same = {"translation_key": first.key} if first else {}
        made = public_pages.make_campaign(
            home, title=title, summary=summary, slug="river", **same, **fields
        )
        more = {"translation_key": first.page} if first else {}
        page = public_pages.make_action(made, title=title[:60], slug="sign", questions=[], **more)
        campaigns[code], actions[code] = made, page
        first = first or Scene(campaigns, actions, UUID(str(made.translation_key)), page.page_key)
    assert first is not None
    return first


def design(scene: Scene, **choices: Any) -> CardDesign:
    """A live design for its cards."""
    return cards.save_design(campaign_key=scene.key, by="bob", **{"live": True, **choices})


def there(public: Path, scope: str = "cards") -> list[str]:
    """The cards' files at the public door."""
    found = [file for file in (public / scope).rglob("*") if file.is_file()]
    return sorted(str(file.relative_to(public)) for file in found if _plain(file))


def _plain(file: Path) -> bool:
    return file.suffix not in {".br", ".zst", ".gz"} and not file.name.startswith(".")
