"""Whom the demo writes to and calls: an invented council and harbour office, in two languages.

Every address ends in `.example` and every number is one that is kept free for stories, so whatever
a visitor of the demo sends or dials reaches nobody.
"""

from typing import Final

import msgspec

SLUG: Final = "demo"
SOURCE: Final = "The town of Aldermere (invented)"
COUNCIL: Final = "demo/council"
HARBOUR: Final = "demo/harbour"
ADDRESS: Final = "1 Mill Square\nAldermere\nAL1 1AA\nUnited Kingdom"


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody, or an office without a name, and how to reach them."""

    key: str
    name: str = ""
    role: str = ""
    email: str = ""
    phone: str
    hours: str = "Mo-Fr 09:00-17:00"
    form: str = ""


OFFICES: Final = (
    Office(
        key="demo/bellamy",
        name="Agnes Bellamy",
        role="Town councillor",
        email="a.bellamy@council.aldermere.example",
        phone="+44 20 7946 0911",
    ),
    Office(
        key="demo/castor",
        name="Rufus Castor",
        role="Town councillor",
        email="r.castor@council.aldermere.example",
        phone="+44 20 7946 0912",
    ),
    Office(
        key="demo/okoro",
        name="Ngozi Okoro",
        role="Town councillor",
        email="n.okoro@council.aldermere.example",
        phone="+44 20 7946 0913",
        hours="Mo,We,Fr 10:00-16:00",
    ),
    Office(
        key=HARBOUR,
        role="Harbour Office",
        form="https://harbour.aldermere.example/write-to-us",
        phone="+44 20 7946 0920",
        hours="Mo-Sa 06:00-20:00",
    ),
)
COUNCILLORS: Final = tuple(one.key for one in OFFICES if one.name)


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """The demo's letter and call page in one language. `texts`: subject and text for each group."""

    letter_title: str
    texts: tuple[tuple[str, str, str], ...]
    points: tuple[tuple[str, str], ...]
    call_title: str
    opening: str
    say: str
    closing: str
    answers: tuple[tuple[str, str], ...]


ENGLISH: Final = Reach(
    letter_title="Write to the town council",
    texts=(
        (
            "The town councillors",
            "The Lantern Room in the evening",
            (
                "{salutation},\n\nplease keep the Lantern Room open until nine in the "
                "evening, from "
                "Monday to Friday.\n\n{points}\n\nYou decide on 18 December. I would "
                "be glad to hear "
                "how you see it.\n\n{given_name} {family_name}"
            ),
        ),
        (
            "The harbour office",
            "A ferry after the library closes",
            (
                "{salutation},\n\nif the Lantern Room stays open until nine, whoever "
                "lives across the "
                "river needs a ferry at a quarter past. Could the last one wait that "
                "long?\n\n{points}"
                "\n\n{given_name} {family_name}"
            ),
        ),
    ),
    points=(
        ("I read there after work", "I come after work: before five the room is closed to me."),
        ("My children study there", "My children do their homework there; at home it is too loud."),
        ("I would help at the desk", "I am ready to take a turn at the desk myself."),
    ),
    call_title="Call the town council",
    opening="Good morning, my name is … and I live in Aldermere. I am calling about the library.",
    say=(
        "<p>Please keep the Lantern Room open until nine on weekdays.</p>"
        "<p>Sixty-four of us would take turns at the desk.</p>"
    ),
    closing="Thank you. May I hear how you will decide on the eighteenth?",
    answers=(
        ("What does it cost?", "<p>41,000 crowns a year, about as much as the fountain.</p>"),
        ("They are not in.", "<p>Leave your name, and that you called about the library.</p>"),
    ),
)

ARABIC: Final = Reach(
    letter_title="اكتبوا إلى مجلس المدينة",
    texts=(
        (
            "أعضاء مجلس المدينة",
            "قاعة الفانوس في المساء",
            (
                "{salutation}،\n\nأرجو إبقاء قاعة الفانوس مفتوحة حتى التاسعة مساءً من الاثنين إلى "
                "الجمعة.\n\n{points}\n\nستقررون في 18 ديسمبر، ويسرّني أن أعرف رأيكم.\n\n"
                "{given_name} {family_name}"
            ),
        ),
        (
            "مكتب الميناء",
            "عبّارة بعد إغلاق المكتبة",
            (
                "{salutation}،\n\nإذا بقيت قاعة الفانوس مفتوحة حتى التاسعة فسيحتاج من "
                "يسكن في الضفة "
                "الأخرى إلى عبّارة في التاسعة والربع. هل يمكن للأخيرة أن تنتظر؟\n\n{points}\n\n"
                "{given_name} {family_name}"
            ),
        ),
    ),
    points=(
        ("أقرأ هناك بعد العمل", "آتي بعد العمل، وقبل الخامسة لا أستطيع الوصول إلى القاعة."),
        ("أولادي يدرسون هناك", "أولادي يكتبون واجباتهم هناك، ففي البيت ضجيج كثير."),
        ("أساعد في مكتب الاستقبال", "أنا على استعداد للمناوبة في مكتب الاستقبال."),
    ),
    call_title="اتصلوا بمجلس المدينة",
    opening="صباح الخير، اسمي … وأسكن في ألدرمير. أتصل بشأن المكتبة.",
    say=(
        "<p>أرجو إبقاء قاعة الفانوس مفتوحة حتى التاسعة في أيام الأسبوع.</p>"
        "<p>أربعة وستون منا مستعدون للمناوبة في مكتب الاستقبال.</p>"
    ),
    closing="شكرًا لكم. هل لي أن أعرف كيف ستقررون في الثامن عشر؟",
    answers=(
        ("كم يكلّف ذلك؟", "<p>41,000 كراون في السنة، أي ما تكلفه النافورة تقريبًا.</p>"),
        ("ليسوا في المكتب.", "<p>اتركوا اسمكم وقولوا إنكم اتصلتم بشأن المكتبة.</p>"),
    ),
)

REACH: Final[dict[str, Reach]] = {"en": ENGLISH, "ar": ARABIC}
