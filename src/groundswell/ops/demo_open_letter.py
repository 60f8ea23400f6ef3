"""The demo's open letter, in two languages, with those who put their names below it first.

They are as invented as the town. One of them has not answered yet, so that an organiser sees both.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django.contrib.auth import get_user_model

from groundswell.campaigns import letter_texts, services
from groundswell.campaigns.models import Campaign, OpenLetterPage
from groundswell.ops.demo_reach import COUNCILLORS
from groundswell.people import open_letter_firsts as firsts
from groundswell.people.open_letter_firsts import Entry

SLUG: Final = "open-letter"


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """The letter in one language."""

    title: str
    salutation: str
    text: str


LETTERS: Final = {
    "en": Letter(
        title="To those who decide about the evening",
        salutation="Dear councillors,",
        text=(
            "<p>There is one room in Aldermere where nobody asks what you have bought. From "
            "January it is to close at five, an hour before most of the town is free to come.</p>"
            "<p>We write, read, build boats, keep shops and teach. We have in common that, at some "
            "time, an evening in the Lantern Room changed what we did next. We ask you to leave "
            "that evening to those who come after us.</p>"
            "<p>Keep the lantern lit until nine, from Monday to Friday. Those of us who live here "
            "will help to staff the desk.</p>"
        ),
    ),
    "ar": Letter(
        title="إلى من يقررون شأن المساء",
        salutation="السادة أعضاء المجلس،",
        text=(
            "<p>في ألدرمير غرفة واحدة لا يسألك فيها أحد عمّا اشتريت. ومن يناير ستُغلق في الخامسة، "
            "قبل ساعة من فراغ أكثر أهل المدينة.</p>"
            "<p>نحن نكتب ونقرأ ونبني القوارب وندير المتاجر ونُدرّس، ويجمعنا أن مساءً في قاعة الفانوس "
            "غيّر يومًا ما فعلناه بعده. نطلب أن تتركوا ذلك المساء لمن يأتون بعدنا.</p>"
            "<p>أبقوا الفانوس مضاءً حتى التاسعة من الاثنين إلى الجمعة، ومن يسكن منا هنا سيساعد "
            "في مكتب الاستقبال.</p>"
        ),
    ),
}
SIGNED: Final = (
    Entry(name="Mirelle Duarte", role="Novelist", group="Writers and artists"),
    Entry(name="Isaura Vell", role="Singer", group="Writers and artists"),
    Entry(
        name="Hanno Reyes",
        role="Boat builder",
        affiliation="Reyes & Daughter",
        group="People of the river",
    ),
)
INVITED: Final = Entry(name="Dr. Amina Farouk", role="Physician", group="People of the river")


def load(campaign: Campaign, locales: Mapping[str, Any]) -> None:
    """Publish the letter in the campaign's languages, signed by its first three signatories.

    `locales` are those of its translations, by language.
    """
    (lang, words), *others = LETTERS.items()
    page = services.create_open_letter(
        campaign=campaign,
        title=words.title,
        text=words.text,
        slug=SLUG,
        salutation=words.salutation,
        keys=list(COUNCILLORS),
    )
    services.publish_now(page=page)
    for other, translated in others:
        _translate(page, locales[other], translated)
    _sign(page, lang)


def _translate(page: OpenLetterPage, locale: Any, words: Letter) -> None:
    made = page.copy_for_translation(locale)
    made.title = made.draft_title = words.title
    made.salutation, made.text = words.salutation, words.text
    services.publish_now(page=made)


def _sign(page: OpenLetterPage, lang: str) -> None:
    organiser = get_user_model().objects.order_by("pk").first()
    if organiser is None:  # nobody is there yet to have invited anybody
        return
    revision = letter_texts.revisions(page_key=page.page_key)[0].number
    *invited, _waiting = firsts.add(
        page_key=page.page_key, entries=[*SIGNED, INVITED], by=organiser
    )
    for one in invited:
        firsts.sign(signatory=one, revision=revision, language=lang)
