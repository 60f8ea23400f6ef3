"""The small page behind a link that networks read: whose words, which picture, where it leads."""

from django.utils.html import format_html, format_html_join

from groundswell.base import env
from groundswell.messengers.cards import words
from groundswell.messengers.cards.layout import FORMATS
from groundswell.messengers.cards.subject import Subject
from groundswell.messengers.models import DrawnCard, TrackedLink


def html(
    *, subject: Subject, link: TrackedLink, card: DrawnCard, image: str, title: str, line: str
) -> str:
    """The page. Robots read its head; a person is led on to the link at once.

    `og:url` is the link itself: were it the page it leads to, networks would show that one's
    picture. Search engines find the page as the canonical one.
    """
    form = FORMATS["og"]
    here = f"{env.load().public_url.rstrip('/')}/k/{link.name}"
    names = {
        "twitter:card": "summary_large_image", "twitter:title": title, "twitter:description": line,
        "twitter:image": image, "twitter:image:alt": card.alt, "description": line,
    }  # fmt: skip
    properties = {
        "og:type": "website", "og:site_name": subject.brand, "og:title": title,
        "og:description": line, "og:url": here, "og:locale": subject.language, "og:image": image,
        "og:image:type": "image/png" if card.path.endswith(".png") else "image/jpeg",
        "og:image:width": form.width, "og:image:height": form.height, "og:image:alt": card.alt,
    }  # fmt: skip
    return format_html(
        '<!doctype html>\n<html lang="{}" dir="{}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n<title>{}</title>\n'
        '<link rel="canonical" href="{}">\n<meta name="robots" content="noindex">\n'
        '<meta http-equiv="refresh" content="0;url={}">\n{}\n{}\n</head>\n'
        '<body><p><a href="{}">{}</a></p></body>\n</html>\n',
        subject.language,
        "rtl" if words.rtl(subject.language) else "ltr",
        title,
        subject.url,
        here,
        format_html_join("\n", '<meta property="{}" content="{}">', properties.items()),
        format_html_join("\n", '<meta name="{}" content="{}">', names.items()),
        here,
        words.say(words.LEADS_TO, subject.language),
    )
