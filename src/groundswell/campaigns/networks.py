"""Where a page can be shared: the source code that each way puts into the link, and its name."""

from typing import Final

from django.utils.translation import gettext_noop

LINKS: Final = {
    "whatsapp": "WhatsApp",
    "telegram": "Telegram",
    "x": "X",
    "facebook": "Facebook",
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
    "threads": "Threads",
    "email": gettext_noop("E-mail"),
    "sms": gettext_noop("Text message"),
}
# Every code; the last two are buttons that need a script.
CODES: Final = frozenset({*LINKS, "copy", "device"})
