"""What quantities, superlatives and reports of studies look like in each language. Pure.

Words that mostly praise or urge (best, first step, only together) are left out on purpose: who is
asked about each of their sentences soon waives without reading.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import regex


class Words(NamedTuple):
    """Patterns of one language."""

    quantity: Any
    superlative: Any
    study: Any


def _words(*, quantity: str, superlative: str, study: str, whole: bool = True) -> Words:
    """Compile the patterns; in scripts that put spaces between words only whole words match."""
    edge = (r"(?<![\p{L}\p{M}])(?:", r")(?![\p{L}\p{M}])") if whole else ("(?:", ")")
    return Words(
        *(
            regex.compile(edge[0] + one + edge[1], regex.IGNORECASE)
            for one in (quantity, superlative, study)
        )
    )


_GERMAN_NOT: Final = r"(?:erst|nächst|best|ernst|fest|liebst|eher?st|unters?t|sonst|meist(?!en))"

WORDS: Final[Mapping[str, Words]] = {
    "en": _words(
        quantity=r"(?:hundreds|thousands|millions|billions|trillions|dozens)\sof"
        r"|(?:hundred|thousand|million|billion|trillion)s?|half\s(?:of|the|a)|(?:two|three)[ -]"
        r"(?:thirds|quarters)|(?:a|one)\s(?:third|quarter|fifth|tenth)\sof|majority\sof"
        r"|most\s(?:people|children|women|men|citizens|voters|of\s(?:the|our|us))"
        r"|doubled|tripled|halved|twice\sas|per\s?cent|one\sin\s(?:two|three|four|five|six|ten)",
        superlative=r"the(?:\s\p{L}+['’]s)?\s(?:\p{L}+\s)?(?!(?:for|inter|pro|re|gu|hon|con|qu|w|n|"
        r"harv|arr|lat|ever|midw|northw|southw|inqu|conqu|manif|pri|ch|v|p|t|b|temp|inv|sugg|"
        r"dig|mod|earn)est(?!\p{L}))(?:\p{L}{2,}est|worst)|(?:world|country|europe|nation|planet|"
        r"region|city)['’]s\s(?:\p{L}+est|worst|most|only|first)|the\smost\s\p{L}+|the\sonly"
        r"|for\sthe\sfirst\stime|first[ -]ever|never\sbefore|more\sthan\sever|no\sother"
        r"|record[ -](?:high|low|breaking|number)|unprecedented",
        study=r"according\sto|(?:stud(?:y|ies)|research|survey|poll|report|data|statistics|figures|"
        r"scientists|experts|researchers|doctors)(?:\s\S+){0,6}?\s(?:shows?|showed|shown|found|"
        r"finds?|says?|said|prove[sdn]?|confirm(?:s|ed)?|warn(?:s|ed)?|suggests?|reveal(?:s|ed)?|"
        r"estimates?|agree)|(?:has|have)\sbeen\sproven|scientifically|peer[ -]reviewed",
    ),
    "de": _words(
        quantity=r"hunderte|tausende|millionen|million|milliarden|milliarde|dutzende"
        r"|(?:die|der|zur)\shälfte|(?:ein|zwei|drei)\s(?:drittel|viertel|fünftel|zehntel)"
        r"|mehrheit|verdoppelt|verdreifacht|halbiert|doppelt\sso|prozent|die\smeisten"
        r"|jede[rs]?\s(?:zweite|dritte|vierte|fünfte|zehnte)[rns]?",
        superlative=rf"(?-i:(?:[Dd](?:er|ie|as|em|en|es))\s(?!{_GERMAN_NOT})\p{{Ll}}{{2,}}st(?:e|en|"
        rf"er|es))|(?:der|die|das|dem|den|des)\sgrößte[nrs]?|(?-i:am\s(?!{_GERMAN_NOT})\p{{Ll}}+sten)"
        r"|am\sgrößten|der\seinzige|die\seinzige|das\seinzige|zum\sersten\smal|noch\snie|wie\snie\s"
        r"zuvor|rekord\p{L}*|beispiellos\p{L}*",
        study=r"laut|studien?|umfragen?|forsche(?:r|rinnen|nde)n?|wissenschaftl\p{L}+|nach\sangaben|"
        r"untersuchung(?:en)?|statisti\p{L}+|(?:bericht|gutachten|zahlen|daten)\s(?:\S+\s){0,4}?"
        r"(?:zeigt|zeigen|belegt|belegen|beweist|beweisen)",
    ),
    "fr": _words(
        quantity=r"centaines|milliers|millions?|milliards?|dizaines|la\smoitié|(?:un|deux|le)\stiers"
        r"|un\squart|trois\squarts|majorité|la\splupart|doublé|triplé|pour\scent|deux\sfois\splus"
        r"|une?\s\p{L}+\ssur\s(?:deux|trois|quatre|cinq|dix)",
        superlative=r"(?:le|la|les|l[’']un\sdes|l[’']une\sdes)\s(?:\p{L}+\sl[ea]s?\s)?(?:plus|moins)"
        r"\s(?!vite|tôt|tard)\p{L}+|(?:le|la|les)\s(?:pire|pires|seule?s?|premi(?:er|ère)\s"
        r"fois)|pour\sla\spremière\sfois|jamais\s(?:vu|atteint)\p{L}*|record\p{L}*|sans\sprécédent",
        study=r"selon|d[’']après|études?|enquêtes?|sondages?|scientifiques?|chercheu(?:rs?|ses?)|"
        r"statistiques?|(?:rapport|données|chiffres)\s(?:\S+\s){0,4}?(?:montre|prouve|révèle|"
        r"confirme)(?:nt)?",
    ),
    "es": _words(
        quantity=r"cientos|miles|millones|millón|decenas|la\smitad|(?:un|dos)\stercios?|la\s(?:tercera|"
        r"cuarta|quinta)\sparte|mayoría|duplicad\p{L}+|triplicad\p{L}+|por\sciento|el\sdoble"
        r"|un[oa]?\sde\scada\s\p{L}+",
        superlative=r"(?:el|la|los|las|lo)\s(?:\p{L}+\s)?(?:más|menos)\s(?!allá|de\s)\p{L}+|(?:el|la|"
        r"los|las)\s(?:peor|mayor)(?:es)?|(?:el|la)\súnic[oa]|por\sprimera\svez|nunca\santes"
        r"|récord\p{L}*|sin\sprecedentes",
        study=r"según|estudios?|encuestas?|investigador\p{L}+|científic\p{L}+|estadístic\p{L}+|"
        r"(?:informe|datos|cifras)\s(?:\S+\s){0,4}?(?:muestra|demuestra|prueba|revela|confirma)n?",
    ),
    "pt": _words(
        quantity=r"centenas|milhares|milhões|milhão|bilhões|mil\smilhões|dezenas|(?:a\s)?metade|"
        r"(?:um|dois)\sterços?|um\squarto|maioria|dobrou|triplicou|por\scento|o\sdobro",
        superlative=r"[oa]s?\s(?:\p{L}+\s)?(?:mais|menos)\s(?!de\s)\p{L}+|[oa]s?\s(?:pior|maior)(?:es)?"
        r"|[oa]\súnic[oa]|pela\sprimeira\svez|nunca\santes|recordes?|sem\sprecedentes",
        study=r"segundo\s(?:o|a|os|as|um|uma)|de\sacordo\scom|estudos?|pesquisas?|cientistas?|"
        r"investigador\p{L}+|pesquisador\p{L}+|estatístic\p{L}+",
    ),
    "it": _words(
        quantity=r"centinaia|migliaia|milion[ei]|miliard[oi]|decine|la\smetà|(?:un|due)\sterz[oi]|un\s"
        r"quarto|maggioranza|raddoppiat\p{L}+|triplicat\p{L}+|per\scento|il\sdoppio",
        superlative=r"(?:il|la|i|le|lo|gli|l[’'])\s?(?:\p{L}+\s)?(?:più|meno)\s(?!di\s)\p{L}+|(?:il|la|i|le)"
        r"\s(?:peggior|maggior)\p{L}*|l[’']unic[oa]|per\sla\sprima\svolta|mai\sprima|record"
        r"|senza\sprecedenti",
        study=r"secondo\s(?:il|la|i|le|un|uno|una)|stud(?:io|i)|sondagg(?:io|i)|ricercator\p{L}+|"
        r"scienziat\p{L}+|statistic\p{L}+",
    ),
    "nl": _words(
        quantity=r"honderden|duizenden|miljoen(?:en)?|miljard(?:en)?|tientallen|de\shelft|(?:een|twee)\s"
        r"derde|een\skwart|meerderheid|verdubbeld|verdrievoudigd|procent|de\smeeste",
        superlative=r"(?:de|het)\s(?!eerste|beste|laatste|naaste|vaste|juiste)\p{L}{3,}ste|voor\shet\s"
        r"eerst|nooit\seerder|record\p{L}*|ongekend\p{L}*|de\senige|het\senige",
        study=r"volgens|onderzoek(?:en|ers)?|studies?|wetenschapp\p{L}+|statistiek\p{L}*|enquêtes?",
    ),
    "pl": _words(
        quantity=r"setki|tysiąc\p{L}*|tysięcy|milion\p{L}*|miliard\p{L}*|połow[aęy]|większość|"
        r"dwukrotnie|trzykrotnie|procent\p{L}*|jedna\strzecia",
        superlative=r"(?!najpierw|najbliższ|najlep|najnowsz)naj\p{L}{4,}|po\sraz\spierwszy|nigdy\s"
        r"wcześniej|rekord\p{L}*|jedyn[yae]",
        study=r"według|zdaniem|bada(?:nia|nie|cze|ń)|naukowc\p{L}+|sondaż\p{L}*|statystyk\p{L}*",
    ),
    "ru": _words(
        quantity=r"сотни|тысяч\p{L}*|миллион\p{L}*|миллиард\p{L}*|половин\p{L}+|большинств\p{L}+|"
        r"вдвое|втрое|процент\p{L}*|каждый\s(?:второй|третий|четвёртый|четвертый|пятый|десятый)",
        superlative=r"сам(?:ый|ая|ое|ые|ого|ой|ых|ую|ом|ым|ыми)\s\p{L}+|наибол\p{L}+|"
        r"(?!дальнейш|ближайш)\p{L}+ейш(?:ий|ая|ее|ие|его|ей|их|ую|ими)|впервые|рекорд\p{L}*|"
        r"единственн\p{L}+|никогда\sраньше",
        study=r"согласно|по\sданным|исследовани\p{L}+|учёны\p{L}+|учены\p{L}+|опрос\p{L}*|"
        r"статистик\p{L}+",
    ),
    "uk": _words(
        quantity=r"сотні|тисяч\p{L}*|мільйон\p{L}*|мільярд\p{L}*|половин\p{L}+|більшіст\p{L}+|вдвічі|"
        r"втричі|відсот\p{L}+",
        superlative=r"(?!найближч|найкращ|найперш)най\p{L}{4,}|вперше|рекорд\p{L}*|єдин(?:ий|а|е)",
        study=r"згідно|за\sданими|дослідженн\p{L}+|вчен(?:і|их)|опитуванн\p{L}+|статистик\p{L}+",
    ),
    "tr": _words(
        quantity=r"yüzlerce|binlerce|milyon\p{L}*|milyar\p{L}*|yarısı|çoğunluğ\p{L}*|yüzde|iki\skatı"
        r"|üçte\s(?:bir|iki)\p{L}*",
        superlative=r"en\s(?:büyük|küçük|yüksek|düşük|kötü|eski|çok|az|uzun|kısa|tehlikeli|hızlı|sıcak)"
        r"\p{L}*|ilk\s(?:kez|defa)|rekor\p{L}*|benzeri\sgörülmemiş",
        study=r"göre|araştırma\p{L}*|bilim\sinsan\p{L}+|anket\p{L}*|istatistik\p{L}*",
    ),
    "vi": _words(
        quantity=r"hàng\s(?:trăm|nghìn|ngàn|triệu|tỷ|tỉ)|triệu|tỷ|một\snửa|phần\străm|đa\ssố|gấp\s"
        r"(?:đôi|ba)|hai\sphần\sba",
        superlative=r"(?:lớn|nhỏ|cao|thấp|tệ|xấu|nhiều|lâu\sđời|nguy\shiểm|nhanh|nghiêm\strọng|duy|"
        r"nặng|nóng)\snhất|lần\sđầu\stiên|kỷ\slục|chưa\stừng\s(?:có|thấy)",
        study=r"theo\s(?:một\s)?(?:nghiên\scứu|báo\scáo|khảo\ssát|thống\skê|số\sliệu)|nghiên\scứu|"
        r"(?:các\s)?nhà\skhoa\shọc|khảo\ssát|thống\skê",
    ),
    "ar": _words(
        quantity=r"(?:ال|ب|و)?(?:مئات|آلاف|ألف|مليون|ملايين|مليار|مليارات|نصف|ثلث|ثلثي|ربع)"
        r"|(?:ال)?(?:أغلبية|غالبية)|معظم|ضعف|(?:بال|في\sال)مئة|بالمائة|في\sالمائة",
        superlative=r"(?:ال|و|ب)?(?:أكبر|أسوأ|أعلى|أدنى|أقدم|أخطر|أطول|أشد)|الأكثر|لأول\sمرة|للمرة\s"
        r"الأولى|غير\sمسبوق(?:ة)?|قياسي(?:ة)?",
        study=r"وفق(?:ا|اً|ًا)?|بحسب|حسب|(?:ال|ل|و)?دراس(?:ة|ات)|(?:ال)?استطلاع(?:ات)?|(?:ال)?علماء|"
        r"(?:ال)?باحث(?:ون|ين)|(?:ال)?إحصا(?:ء|ءات|ئيات)",
    ),
    "fa": _words(
        quantity=r"صدها|هزاران|هزار|میلیون(?:‌?ها)?|میلیارد(?:‌?ها)?|نیمی|اکثریت|بیشتر\sمردم|درصد|"
        r"دو\sبرابر|سه\sبرابر",
        superlative=r"(?!بهترین|مهمترین)\p{L}+‌?ترین|برای\sاولین\sبار|بی‌?سابقه|رکورد",
        study=r"طبق|بر\sاساس|پژوهش(?:‌?ها)?|مطالعات|دانشمندان|پژوهشگران|نظرسنجی|آمار",
    ),
    "hy": _words(
        quantity=r"հարյուրավոր|հազարավոր|հազար\p{L}*|միլիոն\p{L}*|միլիարդ\p{L}*|կեսը|մեծամասնություն\p{L}*"
        r"|կրկնապատկ\p{L}+|տոկոս\p{L}*|մեկ\sերրորդ\p{L}*",
        superlative=r"ամենա(?!լավ)\p{L}{2,}|առաջին\sանգամ|աննախադեպ\p{L}*|ռեկորդ\p{L}*|միակ\p{L}*",
        study=r"համաձայն|ըստ|ուսումնասիրությ?ու?ն?\p{L}*|հետազոտությ?\p{L}*|գիտնական\p{L}*|"
        r"հարցում\p{L}*|վիճակագրությ?\p{L}*",
    ),
    "hi": _words(
        quantity=r"सैकड़ों|हज़ारों|हजारों|लाखों|करोड़ों|लाख|करोड़|आधे|आधा|एक\sतिहाई|दो\sतिहाई|बहुमत|अधिकांश|"
        r"प्रतिशत|फ़ीसदी|फीसदी|दोगुना|दोगुनी",
        superlative=r"सबसे\s(?!पहले|अच्छ)\S+|पहली\sबार|अभूतपूर्व|रिकॉर्ड|एकमात्र",
        study=r"के\sअनुसार|के\sमुताबिक|अध्ययन|शोध|सर्वेक्षण|वैज्ञानिकों|आँकड़े|आंकड़े",
    ),
    "ja": _words(
        quantity=r"数[十百千万億]+|半数|過半数|大多数|大半|パーセント|倍増|[二三四五十]分の[一二三]|半減",
        superlative=r"最(?:大|高|低|悪|多|少|古|長|短|も(?!良))|世界(?:一|初)|日本(?:一|初)|史上初|初めて|"
        r"前例のない|過去最|唯一",
        study=r"によ(?:ると|れば)|調査|研究(?:者|で|に|が|の結果)|統計|専門家",
        whole=False,
    ),
    "zh": _words(
        quantity=r"[数數][十百千万萬亿億]+|上[百千万萬亿億]|一半|半[数數]|多[数數]|百分之|三分之|四分之|翻[倍番]|[两兩]倍|三倍",
        superlative=r"最(?:大|高|低|坏|壞|差|多|少|古老|长|長|短|严重|嚴重|危险|危險)|世界第一|首次|第一次|"
        r"史上|前所未有|唯一|[创創][纪紀][录錄]",
        study=r"根[据據]|据|研究|[调調][查]|[统統][计計]|科学家|科學家|[专專]家",
        whole=False,
    ),
    "ko": _words(
        quantity=r"수[십백천만억]+|절반|과반|대다수|퍼센트|[두세]\s?배|분의",
        superlative=r"가장\s(?!먼저|좋)\S+|최(?:대|고|저|악|초|다|장기)|사상\s?처음|처음으로|전례\s?없는|유일한",
        study=r"에\s따르면|연구(?:에|가|는|진|자)|조사(?:에|가|는)|통계|전문가",
        whole=False,
    ),
}  # fmt: skip
