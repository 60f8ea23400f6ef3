"""Ways to share a page. Each link carries a source code that the dashboard counts."""

from dataclasses import dataclass
from urllib.parse import quote

from django.utils import translation

from groundswell.campaigns.networks import LINKS


@dataclass(frozen=True)
class ShareLink:
    """One way to share: `code` is the source, `href` where the button leads."""

    code: str
    label: str
    href: str


@dataclass(frozen=True, kw_only=True)
class ShareView:
    """All ways to share a page. `device` and `copy` need a script and are hidden without."""

    text: str
    subject: str
    links: tuple[ShareLink, ...]
    device: str
    copy: str
    mastodon: str


def share(*, url: str, text: str, subject: str) -> ShareView:
    """The ways to share a page, with words of the active language where we choose them."""
    links = tuple(
        ShareLink(code, translation.gettext(name), _href(code, tracked(url, code), text, subject))
        for code, name in LINKS.items()
    )
    return ShareView(
        text=text,
        subject=subject,
        links=links,
        device=tracked(url, "device"),
        copy=tracked(url, "copy"),
        mastodon=f"{text} {tracked(url, 'mastodon')}",
    )


def tracked(url: str, code: str) -> str:
    """A link that says where it was shared."""
    return f"{url}?s={code}"


def _href(code: str, url: str, text: str, subject: str) -> str:
    link, words, both = _quote(url), _quote(text), _quote(f"{text} {url}")
    letter = _quote(f"{text}\r\n\r\n{url}")
    return {
        "whatsapp": f"https://wa.me/?text={both}",
        "telegram": f"https://t.me/share/url?url={link}&text={words}",
        "x": f"https://x.com/intent/post?text={words}&url={link}",
        "facebook": f"https://www.facebook.com/sharer/sharer.php?u={link}",
        "bluesky": f"https://bsky.app/intent/compose?text={both}",
        "mastodon": f"https://mastodon.social/share?text={both}",
        "threads": f"https://www.threads.net/intent/post?text={words}&url={link}",
        "email": f"mailto:?subject={_quote(subject)}&body={letter}",
        "sms": f"sms:?&body={both}",
    }[code]


def _quote(text: str) -> str:
    return quote(text, safe="")
