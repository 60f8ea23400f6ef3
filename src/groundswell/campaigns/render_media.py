"""Pictures for public pages: sized by Wagtail, copied to the public door under their own hash."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from groundswell.base import env
from groundswell.campaigns.render_views import Picture

LEAD: Final = ("fill-480x270", "fill-960x540", "fill-1600x900")
STORY: Final = ("width-480", "width-960")
CARD: Final = ("fill-480x270", "fill-800x450")
_WEBP: Final = "|format-webp|webpquality-72"
_JPEG: Final = "fill-1200x630|format-jpeg|jpegquality-80"

Publish = Callable[[Any], str]


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


class Pictures:
    """Makes the pictures of a page; `publish` says where a rendition is to be found."""

    def __init__(self, publish: Publish) -> None:
        self._publish = publish

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
        return self._one(image, _JPEG, alt)

    def logo(self, image: Any) -> Picture | None:
        """A small picture that stands for a name."""
        if image is None:
            return None
        return self._one(image, "max-320x80" + _WEBP, "")

    def _one(self, image: Any, filters: str, alt: str) -> Picture:
        rendition = image.get_rendition(filters)
        src = self._publish(rendition)
        url = env.load().public_url.rstrip("/")
        absolute = src if "://" in src else url + src
        return Picture(
            src=src, width=rendition.width, height=rendition.height, alt=alt, absolute=absolute
        )
