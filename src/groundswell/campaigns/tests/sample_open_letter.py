"""The sample site's open letter: views alone, in two languages, with forty first signatories."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Final

from django.utils.safestring import SafeString
from PIL import Image, ImageDraw

from groundswell.campaigns import letter_diff
from groundswell.campaigns.publish_files import Edition
from groundswell.campaigns.render import language
from groundswell.campaigns.render_letter_pages import plain_text
from groundswell.campaigns.render_letter_views import (
    GroupView,
    NameView,
    OpenLetterView,
    PersonView,
    PressView,
    ToldView,
    VersionView,
)
from groundswell.campaigns.render_pages import Pages
from groundswell.campaigns.render_reach_views import TargetView
from groundswell.campaigns.render_views import ActionCard, Alternate, ConsentView, Picture
from groundswell.campaigns.tests.sample_views import LANGS, campaign_view, picture, tally
from groundswell.kinds.registry import KINDS

PAGE: Final = "f" * 32
PATHS: Final = {
    "open letter": "/{lang}/wall/letter/",
    "open letter's versions": "/{lang}/wall/letter/versions/",
    "open letter's version": "/{lang}/wall/letter/versions/2/",
    "open letter's names": "/{lang}/wall/letter/names/",
    "open letter's names, page 2": "/{lang}/wall/letter/names/2/",
    "report a name": "/{lang}/wall/letter/flag/",
    "name reported": "/{lang}/wall/letter/flag/done/",
    "press": "/{lang}/wall/letter/press/",
    "frame": "/{lang}/wall/letter/embed/",
}
TITLES: Final = {"en": "The sea does not read budgets", "ar": "البحر لا يقرأ الميزانيات"}
TEXTS: Final = {
    "en": (
        '<p class="dear">Dear Minister, dear members of the Harbour Committee,</p>\n'
        "<p>We who sign this letter make music, catch fish, teach children and mend nets in the "
        "towns behind the sea wall. We agree on little else. But each of us has stood on that wall "
        "in a winter storm and felt it move.</p>"
        "<p>It was built in 1884, of stone that our great-grandparents cut by hand, to hold back a "
        "sea that was then eleven centimetres lower. It has been patched nineteen times. Your own "
        "engineers wrote three years ago that the next repair would be the last that could be made "
        "without closing the harbour, and gave it five winters. Two of them are over.</p>"
        "<p>We know that money is short. We have read the budget, and we have seen what else "
        "it must carry: schools, the hospital in Weir, the road over the pass. None of us asks you "
        "to take from those. What we ask is that you stop treating the wall as something that can "
        "wait, because it is the one thing on the list that will not.</p>"
        "<p>A wall that is mended in summer costs what one summer costs. A wall that breaks in "
        "January costs the lower town: four thousand homes, the market, both schools that stand "
        "below the church, and the only road by which an ambulance can leave. It costs the boats, "
        "and with them the trade that has paid for everything else here for three hundred "
        "years.</p>"
        "<p>So we ask three things of you, and we ask them in public, so that everybody can see "
        "what becomes of them:</p>"
        "<ul><li>Put the wall into this year’s budget, with a sum and a date.</li>"
        "<li>Publish the engineers’ report in full, with its drawings.</li>"
        "<li>Let those who live behind the wall have a seat where it is decided.</li></ul>"
        "<p>Some of us will come to the committee in March and say this again with our own voices. "
        "We would rather come to say thank you. The sea does not read budgets, and it does not "
        "wait for the next one.</p>"
    ),
    "ar": (
        '<p class="dear">معالي الوزيرة، السيدات والسادة أعضاء لجنة الميناء،</p>\n'
        "<p>نحن الموقّعين على هذه الرسالة نعزف الموسيقى ونصطاد السمك ونعلّم الأطفال ونرتق الشباك في "
        "البلدات الواقعة خلف الجدار البحري. لا نتفق على الكثير غير ذلك، لكن كل واحد منا وقف على "
        "ذلك الجدار في عاصفة شتوية وشعر به يتحرك.</p>"
        "<p>بُني الجدار سنة 1884 من حجر قطعه أجدادنا بأيديهم، ليردّ بحرًا كان يومها أخفض بأحد عشر "
        "سنتيمترًا. رُمّم تسع عشرة مرة. وكتب مهندسوكم قبل ثلاث سنوات أن الترميم المقبل سيكون "
        "الأخير.</p>"
        "<ul><li>أدرجوا الجدار في ميزانية هذا العام، بمبلغ وتاريخ.</li>"
        "<li>انشروا تقرير المهندسين كاملًا.</li></ul>"
        "<p>البحر لا يقرأ الميزانيات، ولا ينتظر الميزانية التالية.</p>"
    ),
}
_GROUPS: Final = (("Music", "singer"), ("The harbour", "skipper"), ("Schools", "teacher"))
_FIRST: Final = ("Mira", "Teodor", "Anouk", "Salim", "Brigid", "Ivo", "Noor", "Elske", "Pau")
_LAST: Final = (
    "Okhaim",
    "Vantongeren",
    "Quillwater",
    "Lindqvarn",
    "Sarabande",
    "Tidemark",
    "Ashgrove",
)


def person(number: int, what: str) -> PersonView:
    name = f"{_FIRST[number % 9]} {_LAST[(number * 5) % 7]}"
    return PersonView(
        name=name,
        role=what,
        affiliation=f"Pier {number % 13 + 1} Collective" if number % 3 else "",
        picture=portrait(number) if number % 4 else None,
        version=1 if number % 10 == 3 else None,
    )


def portrait(number: int) -> Picture:
    return Picture(src=f"/media/face-{number % 6}.jpg", width=96, height=96, alt="")


def names(begin: int, count: int) -> tuple[NameView, ...]:
    return tuple(
        NameView(
            number=number,
            name=f"{_FIRST[number % 9]} {_LAST[number % 7]}",
            role="" if number % 3 else "net mender, Weir",
            version=None if number % 5 else 1,
        )
        for number in range(begin, begin + count)
    )


def versions(lang: str) -> tuple[VersionView, ...]:
    """Three texts, the newest first: the second says something new, the third corrects a slip."""
    newest = TEXTS[lang]
    second = newest.replace("nineteen times", "nineteen tims").replace("تسع عشرة", "تسع عشر")
    oldest = second.replace("4", "3").replace("this year’s", "next year’s")
    texts = (oldest, second, newest)
    made = [
        VersionView(
            number=number,
            at=datetime(2026, 11, number * 4, 9, 30, tzinfo=UTC),
            title=TITLES[lang],
            html=SafeString(text),
            note=("", "The sum is asked for this year.", "A word was misspelt.")[number - 1],
            small=number == 3,
            current=number == 3,
            before=number - 1 or None,
            changes=letter_diff.changes(texts[number - 2], text) if number > 1 else SafeString(""),
            signed=(45, 310, 1204)[number - 1],
            people=("Mira Okhaim", "Teodor Lindqvarn") if number < 3 else (),
        )
        for number, text in enumerate(texts, 1)
    ]
    return tuple(reversed(made))


def addressees() -> tuple[TargetView, ...]:
    minister = TargetView(
        key="csv/1/h",
        name="Marta Quill",
        role="Minister of Harbours",
        organization="Ministry of Harbours",
    )
    committee = TargetView(
        key="csv/1/c", name="The Harbour Committee", organization="Assembly of the Coast"
    )
    return (minister, committee)


def open_letter(lang: str, *, first: int = 40) -> OpenLetterView:
    groups = tuple(
        GroupView(title, tuple(person(each, what) for each in range(place, first, len(_GROUPS))))
        for place, (title, what) in enumerate(_GROUPS)
    )
    return OpenLetterView(
        page=PAGE,
        title=TITLES[lang],
        path=f"/{lang}/wall/letter/",
        alternates=tuple(Alternate(language(code), f"/{code}/wall/letter/") for code in LANGS),
        kind=KINDS["open_letter"],
        tally=replace(tally(page=PAGE), kind=KINDS["open_letter"]),
        text=SafeString(TEXTS[lang]),
        asked={"given_name": True, "family_name": True, "email": True, "role": False,
               "affiliation": False, "country": False},
        country="GB",
        consents=(
            ConsentView(purpose="display", text="My name may be shown.", versions=("v1",)),
            ConsentView(purpose="news", text="You may write to me.", versions=("v1",)),
        ),
        share_text="The sea does not read budgets. Sign with us:",
        share_subject="Would you sign this letter?",
        targets=addressees(),
        groups=groups,
        latest=names(640, 12),
        named=640,
        versions=versions(lang),
        told=ToldView(this=1204, corrected=310, earlier=45),
        press=PressView(
            facts=("4,000 homes lie below the wall (census 2021, https://stats.example/).",),
            contact=("Pia Sandvoort", "press@example.org", "+44 20 7946 0000"),
            pictures=((picture(alt="The wall in March"), "Anouk Ashgrove"),),
        ),
        embed=True,
        texts=("1", "2", "3"),
    )  # fmt: skip


def add(made: Edition, pages: Pages, lang: str) -> None:
    """The letter's campaign and every page around it."""
    campaign, letter = campaign_view(lang, "room"), open_letter(lang)
    campaign = replace(
        campaign,
        title="Mend the wall",
        path=f"/{lang}/wall/",
        alternates=tuple(Alternate(language(code), f"/{code}/wall/") for code in LANGS),
    )
    card = ActionCard(letter.title, letter.path, "open", letter.tally, letter.kind)
    made.add_page(pages.campaign(campaign, (card,)), f"wall.{lang}")
    for page in pages.action(letter, campaign):
        made.add_page(page, page.path)
    around = pages.letter(letter, campaign)
    made.add_page(around.all_names(640, range(7, 0, -1)), f"names.{lang}")
    made.add_page(around.names(2, names(100, 100), before=1, after=3), f"names.2.{lang}")
    made.add(f"{letter.path.lstrip('/')}letter.txt", plain_text(letter, lang).encode())


def faces() -> dict[str, bytes]:
    """Portraits of nobody, by path."""
    found = {}
    for number in range(6):
        image = Image.new("RGB", (192, 192), ("#27506b", "#7b4a2d", "#3c6b4f")[number % 3])
        draw = ImageDraw.Draw(image)
        skin = ("#e8c39e", "#8d5a3b", "#c68642", "#f1d3bd")[number % 4]
        draw.ellipse((58, 36, 134, 124), fill=skin)
        draw.ellipse((20, 122, 172, 290), fill=("#d8b25a", "#b9c6cc")[number % 2])
        data = BytesIO()
        image.save(data, "JPEG", quality=80)
        found[f"media/face-{number}.jpg"] = data.getvalue()
    return found
