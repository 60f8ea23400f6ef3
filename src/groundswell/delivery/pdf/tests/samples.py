"""Invented letters, one for each script we look at."""

from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec

from groundswell.base.letter import Letter

DAY: Final = date(2026, 11, 22)


def letter(**fields: Any) -> Letter:
    """An English letter within the United States, but for what is given."""
    return msgspec.structs.replace(US, **fields)


US: Final = Letter(
    key=UUID(int=1),
    campaign_key=UUID(int=2),
    page_key=UUID(int=3),
    language="en",
    subject="Please support the Clean Rivers Act",
    body=(
        "Dear Senator Example,\n\n"
        "Our river floods every spring, and every spring we rebuild the same bridge.\n\n"
        "Please let me know how you will vote.\n\nSincerely,\nAlex Sample"
    ),
    prefix="Ms.",
    given_name="Alex",
    family_name="Sample",
    sender_name="Alex Sample",
    email="alex@example.org",
    street="12 Elm Street, Apt. 4",
    city="Springfield",
    region="IL",
    postcode="62701",
    country="US",
    target="us/X000001",
    target_name="The Honorable Robin Example",
    role="Senator for Illinois",
    organization="United States Senate",
    post="713 Hart Senate Office Building Washington DC 20510",
    cwc_office="SIL02",
    division="ocd-division/country:us/state:il",
    campaign_title="Clean rivers",
    campaign_id="clean-rivers-pro",
    organisation_name="River Friends",
    topics=("Environmental Protection",),
)
GERMAN: Final = letter(
    language="de",
    subject="Bitte stimmen Sie für das Fahrradgesetz",
    body="Sehr geehrte Frau Beispiel,\n\nbitte stimmen Sie am Donnerstag dafür.\n\nMit Grüßen",
    sender_name="Jörg Müßig",
    street="Grüner Weg 12",
    city="Göttingen",
    region="",
    postcode="37073",
    country="DE",
    target="de/1",
    target_name="Erika Beispiel, MdB",
    role="Mitglied des Ausschusses für Verkehr und digitale Infrastruktur",
    organization="Deutscher Bundestag",
    post="Platz der Republik 1\n11011 Berlin",
    division="ocd-division/country:de",
)
ARABIC: Final = letter(
    language="ar",
    subject="نطلب حماية نهرنا",
    body="سعادة الوزير المحترم،\n\nنكتب إليكم لأن نهرنا يجف (نحو 300 عائلة) قبل مؤتمر UN Water.",
    sender_name="ليلى مثال",
    street="شارع النيل 15",
    city="القاهرة",
    region="",
    postcode="11511",
    country="EG",
    target="eg/1",
    target_name="معالي وزير الموارد المائية",
    role="",
    organization="جمهورية مصر العربية",
    post="كورنيش النيل\nالجيزة",
    division="ocd-division/country:eg",
)
ARMENIAN: Final = letter(
    language="hy",
    subject="Խնդրում ենք պաշտպանել Սևանա լիճը",
    body="Հարգելի՛ պատգամավոր,\n\nՍևանա լիճը մեր երկրի սիրտն է։",
    sender_name="Անի Օրինակյան",
    street="Մաշտոցի պողոտա 1",
    city="Երևան",
    region="",
    postcode="0002",
    country="AM",
    target="am/1",
    target_name="ՀՀ Ազգային ժողովի պատգամավոր",
    role="",
    organization="Ազգային ժողով",
    post="Բաղրամյան 19\n0095 Երևան\nARMENIA",
    division="ocd-division/country:am",
)
VIETNAMESE: Final = letter(
    language="vi",
    subject="Kính đề nghị bảo vệ rừng đầu nguồn",
    body="Kính gửi Quý Đại biểu,\n\nRừng đầu nguồn đang bị chặt phá nghiêm trọng.",
    sender_name="Nguyễn Thị Ví Dụ",
    street="Số 5, ngõ 12, đường Láng",
    city="Hà Nội",
    region="",
    postcode="100000",
    country="VN",
    target="vn/1",
    target_name="Đại biểu Quốc hội",
    role="",
    organization="Quốc hội Việt Nam",
    post="22 Hùng Vương, Ba Đình, Hà Nội",
    division="ocd-division/country:vn",
)
JAPANESE: Final = letter(
    language="ja",
    subject="河川保護法案への賛成のお願い",
    body="拝啓\n\n私たちの町を流れる川は、毎年のように氾濫しています。\n\n敬具",
    sender_name="見本 花子",
    street="青葉町1-2-3",
    city="千代田区",
    region="東京都",
    postcode="〒100-0001",
    country="JP",
    target="jp/1",
    target_name="例示 太郎 様",
    role="衆議院議員",
    organization="衆議院",
    post="〒100-8982\n東京都千代田区永田町2-1-2",
    division="ocd-division/country:jp",
)
ALL: Final = {
    "us": US,
    "de": GERMAN,
    "ar": ARABIC,
    "hy": ARMENIAN,
    "vi": VIETNAMESE,
    "ja": JAPANESE,
}
