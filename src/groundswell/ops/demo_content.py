"""The demo's campaign: an invented reading room in an invented town, in English and Arabic.

Plain data; `load()` makes pages of it. What is the same in every language (slugs, which fields are
asked) stands in `ACTION` and `SLUGS`.
"""

import importlib
from pathlib import Path
from typing import Final, Literal

import msgspec

PICTURE: Final = Path(__file__).parent / "lantern-room.jpg"
SLUGS: Final = {"campaign": "lantern-room", "action": "sign"}
GOAL: Final = 2500


class Story(msgspec.Struct, frozen=True):
    """One block of the story: `text` is rich text, a `quote` has its `source`."""

    type: Literal["text", "quote"]
    text: str
    source: str = ""


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """The campaign, its petition and its site home in one language."""

    home_title: str
    home_intro: str
    organisation: str
    title: str
    summary: str
    picture_alt: str
    story: tuple[Story, ...]
    demands: tuple[tuple[str, str], ...]
    partners: tuple[str, ...]
    action_title: str
    action_text: str
    question: str
    answers: tuple[str, ...]
    consent: str
    thanks_title: str
    thanks_text: str
    share_text: str
    share_subject: str


ACTION: Final[dict[str, str]] = {
    "ask_given_name": "required",
    "ask_family_name": "required",
    "ask_country": "optional",
    "ask_postcode": "optional",
    "ask_comment": "optional",
}

ENGLISH: Final = Content(
    home_title="What the friends of the library are doing",
    home_intro="<p>We are neighbours in Aldermere who look after the old library by the river.</p>",
    organisation="Friends of the Lantern Room",
    title="Keep the Lantern Room open in the evening",
    summary=(
        "For a hundred and twelve years a lamp above the reading room has told Aldermere that the "
        "library is open. From January it is to go out at five."
    ),
    picture_alt=(
        "A drawing of a domed library by a river at dusk. A lantern glows on its roof, all windows "
        "are lit, and people walk along the quay."
    ),
    story=(
        Story(
            "text",
            "<p>Whoever comes home over Weir Bridge after dark looks up without thinking. If the "
            "lantern is lit, there is still a warm chair, a newspaper and somebody to say good "
            "evening to.</p>"
            "<p>Three hundred people use the Lantern Room on an ordinary weekday. <b>Half of them "
            "come after five</b>: apprentices from the boatyard, nurses between two shifts, "
            "children whose kitchen table is also somebody’s desk.</p>",
        ),
        Story(
            "quote",
            "I learned to read here at fifty-three, on Tuesdays, under the green lamp. In the "
            "daytime I was at work.",
            "Tomas Ferrow, ferryman",
        ),
        Story(
            "text",
            "<h3>What it costs</h3>"
            "<p>Keeping the room open until nine costs 41,000 crowns a year, about as much as the "
            "fountain on Mill Square. The council has to save, and we do not envy it. So we have "
            "offered to help: sixty-four of us will take turns at the desk if two librarians "
            "stay.</p>"
            "<h3>What happens next</h3>"
            "<p>The council decides on 18 December. We hand over all confirmed signatures the day "
            "before, on the steps, with tea.</p>",
        ),
    ),
    demands=(
        (
            "Keep the Lantern Room open until nine on five evenings a week.",
            "Aldermere Town Council",
        ),
        (
            "Let volunteers share the evening desk with the librarians, for a trial year.",
            "Ines Holloway, head of the library",
        ),
    ),
    partners=("Aldermere Boatyard Apprentices", "Weir Lane Neighbours", "The Tuesday Readers"),
    action_title="Ask the council to leave the lamp on",
    action_text=(
        "<p>To the members of Aldermere Town Council:</p>"
        "<p>The Lantern Room is where our town reads, studies and keeps warm together. Please keep "
        "it open until nine in the evening from Monday to Friday, and let us help you do it.</p>"
    ),
    question="When do you like to come?",
    answers=("In the morning", "In the afternoon", "In the evening"),
    consent="The Friends of the Lantern Room may e-mail me about how this goes on.",
    thanks_title="Thank you. The lamp has a new friend.",
    thanks_text="",
    share_text=(
        "For 112 years a lamp has told Aldermere that its library is open. Help us keep it lit in "
        "the evening:"
    ),
    share_subject="Would you sign for the Lantern Room?",
)

ARABIC: Final = Content(
    home_title="ما يقوم به أصدقاء المكتبة",
    home_intro="<p>نحن جيران في مدينة ألدرمير نعتني بالمكتبة القديمة على ضفة النهر.</p>",
    organisation="أصدقاء قاعة الفانوس",
    title="لتبقَ قاعة الفانوس مفتوحة في المساء",
    summary=(
        "منذ مئة واثني عشر عامًا يخبر فانوسٌ فوق قاعة المطالعة أهلَ ألدرمير أن المكتبة مفتوحة. "
        "وابتداءً من يناير سينطفئ عند الخامسة."
    ),
    picture_alt=(
        "رسم لمكتبة ذات قبة على ضفة نهر عند الغروب. فانوس يضيء على سطحها، وجميع نوافذها منارة، "
        "وأناس يمشون على الرصيف."
    ),
    story=(
        Story(
            "text",
            "<p>من يعود إلى بيته عبر جسر السد بعد حلول الظلام يرفع بصره دون تفكير. فإذا كان "
            "الفانوس مضاءً فهناك بعدُ كرسي دافئ وصحيفة وشخص تقول له مساء الخير.</p>"
            "<p>يقصد قاعة الفانوس ثلاثمئة شخص في يوم عادي. <b>نصفهم يأتون بعد الخامسة</b>: متدربون "
            "من حوض القوارب، وممرضات بين مناوبتين، وأطفال طاولة مطبخهم هي أيضًا مكتب لغيرهم.</p>",
        ),
        Story(
            "quote",
            "تعلمت القراءة هنا وأنا في الثالثة والخمسين، أيام الثلاثاء، تحت المصباح الأخضر. أما في "
            "النهار فكنت في العمل.",
            "توماس فيرو، صاحب العبّارة",
        ),
        Story(
            "text",
            "<h3>كم يكلّف ذلك</h3>"
            "<p>إبقاء القاعة مفتوحة حتى التاسعة يكلّف 41,000 كراون في السنة، أي ما تكلفه نافورة "
            "ساحة الطاحونة تقريبًا. على المجلس أن يوفّر، ولسنا نحسده على ذلك. لذا عرضنا المساعدة: "
            "أربعة وستون منا سيتناوبون على مكتب الاستقبال إذا بقي اثنان من أمناء المكتبة.</p>"
            "<h3>ما الذي سيحدث بعد ذلك</h3>"
            "<p>يتخذ المجلس قراره في 18 ديسمبر. وسنسلّم جميع التوقيعات المؤكَّدة في اليوم السابق، على "
            "درج المكتبة، مع كأس شاي.</p>",
        ),
    ),
    demands=(
        ("إبقاء قاعة الفانوس مفتوحة حتى التاسعة مساءً خمسة أيام في الأسبوع.", "مجلس مدينة ألدرمير"),
        (
            "السماح للمتطوعين بمشاركة أمناء المكتبة في مناوبات المساء لسنة تجريبية.",
            "إينيس هولواي، مديرة المكتبة",
        ),
    ),
    partners=("متدربو حوض قوارب ألدرمير", "جيران زقاق السد", "قرّاء الثلاثاء"),
    action_title="اطلبوا من المجلس أن يُبقي الفانوس مضاءً",
    action_text=(
        "<p>إلى أعضاء مجلس مدينة ألدرمير:</p>"
        "<p>قاعة الفانوس هي المكان الذي تقرأ فيه مدينتنا وتدرس وتجد الدفء معًا. نرجو منكم إبقاءها "
        "مفتوحة حتى التاسعة مساءً من الاثنين إلى الجمعة، وأن تسمحوا لنا بمساعدتكم في ذلك.</p>"
    ),
    question="متى تحب أن تأتي؟",
    answers=("في الصباح", "بعد الظهر", "في المساء"),
    consent="يجوز لأصدقاء قاعة الفانوس مراسلتي بالبريد الإلكتروني حول سير هذه الحملة.",
    thanks_title="شكرًا لكم. كسب الفانوس صديقًا جديدًا.",
    thanks_text="",
    share_text=(
        "منذ 112 عامًا يخبر فانوسٌ أهلَ ألدرمير أن مكتبتهم مفتوحة. ساعدونا ليبقى مضاءً في المساء:"
    ),
    share_subject="هل توقّع من أجل قاعة الفانوس؟",
)

CONTENT: Final[dict[str, Content]] = {"en": ENGLISH, "ar": ARABIC}


def load() -> bool:
    """Make and publish the demo's campaign, unless a campaign is there; whether it was made."""
    # Django's models can only be imported once Django is set up, which `prepare` does.
    return bool(importlib.import_module("groundswell.ops.demo_pages").load(CONTENT))
