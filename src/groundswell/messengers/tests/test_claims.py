"""Sentences that say something is so are found in many scripts, and those that urge are not."""

import pytest

from groundswell.messengers import claims
from groundswell.messengers.claims import Found

CLAIMS = [
    ("en", "The river lost 40% of its fish.", "percentage"),
    ("en", "Since 2019 nothing was done.", "year"),
    ("en", "1,200 people live here.", "number"),
    ("en", "Millions of children breathe this air.", "number"),
    ("en", "It is the largest dam in Europe.", "superlative"),
    ("en", "It is the world's most polluted river.", "superlative"),
    ("en", "A new study from Lund shows that it harms.", "study"),
    ("en", "According to the ministry, all is well.", "study"),
    ("de", "Jeder dritte Fisch ist tot.", "number"),
    ("de", "Die größte Deponie des Landes.", "superlative"),
    ("fr", "La moitié des poissons est morte.", "number"),
    ("es", "La presa más grande de Europa.", "superlative"),
    ("ar", "فقد النهر ٤٠٪ من أسماكه.", "percentage"),
    ("ar", "منذ عام ٢٠١٩ لم يحدث شيء.", "year"),
    ("fa", "از سال ۱۳۹۸ هیچ کاری نشده است.", "number"),
    ("hi", "नदी ने ४०% मछलियाँ खो दीं।", "percentage"),
    ("bn", "নদীটি ৪০ শতাংশ মাছ হারিয়েছে।", "number"),
    ("ja", "川は魚の40%を失いました。", "percentage"),
    ("ja", "世界一のダム。", "superlative"),
    ("zh", "三百万人住在这里。", "number"),
    ("zh-hant", "河裡的魚減少了一半。", "number"),
    ("ko", "물고기의 절반이 사라졌습니다.", "number"),
    ("hy", "Ամենամեծ պատնեշը։", "superlative"),
    ("vi", "Con đập lớn nhất châu Âu.", "superlative"),
    ("ru", "Самый грязный город.", "superlative"),
    ("xx", "Word 7 word.", "number"),
]
NO_CLAIMS = [
    ("en", "Please sign {link} #River2030 @ada_99"),
    ("en", "Read it at https://example.org/2019/5.html"),
    ("en", "Sign by 5 June."),
    ("en", "Join us at 6 pm on June 5th."),
    ("en", "It takes 2 minutes."),
    ("en", "COP30 must deliver, and CO2 must fall."),
    ("en", "I love this forest, and the harvest."),
    ("en", "The best thing you can do is sign."),
    ("en", "1/4"),
    ("en", "1. Open the link"),
    ("de", "Am 5. Juni um 18 Uhr."),
    ("de", "Der erste Schritt, am besten heute."),
    ("fr", "Signez avant le 5 juin à 18h30."),
    ("ar", "وقّعوا اليوم من أجل النهر."),
    ("ja", "6月5日に集まろう。"),
    ("zh", "请签名！"),
    ("vi", "Hãy ký tên hôm nay."),
]


@pytest.mark.parametrize(("language", "text", "why"), CLAIMS)
def test_it_asks_for_the_source_of_a_claim(language: str, text: str, why: str) -> None:
    assert claims.find(text, language) == [Found(0, len(text), text, why)]


@pytest.mark.parametrize(("language", "text"), NO_CLAIMS)
def test_it_lets_what_only_urges_pass(language: str, text: str) -> None:
    assert claims.find(text, language) == []


def test_it_points_at_the_sentence_and_no_further() -> None:
    text = "Save our river!\n  It lost 40% of its fish since 1.5 years. Dr. A. Lind agrees… Sign"

    (found,) = claims.find(text, "en")

    assert text[found.start : found.end] == "It lost 40% of its fish since 1.5 years."


def test_it_tells_sentences_apart_in_scripts_with_their_own_full_stops() -> None:
    for text in ("川。魚！", "Գետ։ Ձուկ։", "नदी। मछली।", "هل؟ نعم."):
        assert len(claims.sentences(text)) == 2, text


def test_it_keeps_what_was_marked_by_hand_wherever_it_has_moved_to() -> None:
    marked = ["He promised  it."]

    found = claims.with_marked("Dear all! He PROMISED it. Sign now.", "en", marked)

    assert [(one.text, one.why) for one in found] == [("He PROMISED it.", "")]


@pytest.mark.parametrize(
    "text", ["", " \n ", "{link}", "...", "\u202e\u0000", "#" * 5000, "1. " * 999]
)
def test_it_takes_any_text(text: str) -> None:
    for one in claims.find(text, "en"):
        assert text[one.start : one.end] == one.text
