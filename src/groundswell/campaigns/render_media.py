"""Pictures for public pages: sized by Wagtail, copied to the public door under their own hash."""

import base64
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from groundswell.base import env
from groundswell.campaigns.render_views import Picture

LEAD: Final = ("fill-480x270", "fill-960x540", "fill-1600x900")
STORY: Final = ("width-480", "width-960")
CARD: Final = ("fill-480x270", "fill-800x450")
PRESS: Final = "max-3000x3000|format-jpeg|jpegquality-88"
_WEBP: Final = "|format-webp|webpquality-72"
_JPEG: Final = "fill-1200x630|format-jpeg|jpegquality-80"

Publish = Callable[[Any], str]
Store = Callable[[str, bytes], str]


def copied(add: Callable[[str, bytes], None]) -> Publish:
    """Renditions are handed to `add` as public files named after their content."""

    def publish(rendition: Any) -> str:
        with rendition.file.open("rb") as file:
            data = file.read()
        path = f"media/{sha256(data).hexdigest()[:16]}{Path(rendition.file.name).suffix}"
        add(path, data)
        return f"/{path}"

    return publish


def as_stored(rendition: Any) -> str:
    """Renditions where the studio itself serves them: for previews."""
    return str(rendition.url)


def kept(add: Callable[[str, bytes], None]) -> Store:
    """Pictures that we made ourselves are handed to `add` as public files."""

    def store(name: str, data: bytes) -> str:
        path = f"media/{name}"
        add(path, data)
        return f"/{path}"

    return store


def inline(_name: str, data: bytes) -> str:
    """Such a picture inside the page itself: for previews."""
    return f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"


class Pictures:
    """Makes the pictures of a page; `publish` says where a rendition is to be found.

    `stored` does so for pictures that Wagtail does not know.
    """

    def __init__(self, publish: Publish, stored: Store = inline) -> None:
        self._publish = publish
        self.stored = stored

    def sized(self, image: Any, filters: tuple[str, ...], *, alt: str = "") -> Picture | None:
        """A picture in several widths, or None where there is no image."""
        if image is None:
            return None
        renditions = image.get_renditions(*(each + _WEBP for each in filters))
        sources = {each.width: (self._publish(each), each) for each in renditions.values()}
        largest = sources[max(sources)]
        return Picture(
            src=largest[0],
            width=largest[1].width,
            height=largest[1].height,
            alt=alt,
            srcset=", ".join(f"{src} {width}w" for width, (src, _) in sorted(sources.items())),
        )

    def social(self, image: Any, *, alt: str = "") -> Picture | None:
        """The picture that goes with a shared link: JPEG, since not every network reads more."""
        if image is None:
            return None
        return self.one(image, _JPEG, alt=alt)

    def logo(self, image: Any) -> Picture | None:
        """A small picture that stands for a name."""
        if image is None:
            return None
        return self.one(image, "max-320x80" + _WEBP)

    def one(self, image: Any, filters: str, *, alt: str = "") -> Picture:
        """A picture as one file."""
        rendition = image.get_rendition(filters)
        src = self._publish(rendition)
        url = env.load().public_url.rstrip("/")
        absolute = src if "://" in src else url + src
        return Picture(
            src=src, width=rendition.width, height=rendition.height, alt=alt, absolute=absolute
        )
