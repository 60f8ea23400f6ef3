"""The pictures of a text in its form: those it has, those chosen or sent, each with its words."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.images import get_image_model
from wagtail.images.forms import get_image_form
from wagtail.models import Collection

ALT_MAX: Final = 2000
MOST: Final = 20
SHELF: Final = 24


@dataclass(frozen=True)
class Picture:
    """A picture and what it says to those who do not see it."""

    image: Any
    alt: str


@dataclass(frozen=True)
class Sent:
    """What a form brought: the pictures in their order, and why a file could not be taken."""

    pictures: list[Picture]
    error: str

    @property
    def content(self) -> tuple[tuple[int, str], ...]:
        """As a version keeps them."""
        return tuple((one.image.pk, one.alt) for one in self.pictures)


def of(content: Any) -> list[Picture]:
    """The pictures of a version; those deleted since are left out."""
    found = get_image_model().objects.in_bulk([image for image, _alt in content])
    return [Picture(found[image], alt) for image, alt in content if image in found]


def shelf() -> list[Any]:
    """The pictures most lately put into the studio, to choose from."""
    return list(get_image_model().objects.order_by("-pk")[:SHELF])


def read(request: HttpRequest) -> Sent:
    """The pictures as a form has them now. A file that was sent is kept in the studio at once, so
    that it is not lost when something else in the form is wrong."""
    said = request.POST
    kept = [one for one in _numbers(said.getlist("picture")) if f"drop-{one}" not in said]
    order = {one: _place(said.get(f"place-{one}", ""), at) for at, one in enumerate(kept)}
    kept = sorted(kept, key=lambda one: order[one])
    image, error = _take(request)
    chosen = list(dict.fromkeys([*kept, *_numbers(said.getlist("choose"))]))[:MOST]
    alts = {one: _words(said.get(f"alt-{one}", "")) for one in chosen}
    if image is not None and image.pk not in alts:
        chosen.append(image.pk)
        alts[image.pk] = _words(said.get("alt-upload", ""))
    return Sent(of([(one, alts[one]) for one in chosen]), error)


def _take(request: HttpRequest) -> tuple[Any, str]:
    file = request.FILES.get("upload")
    if file is None:
        return None, ""
    image = get_image_model()(uploaded_by_user=request.user)
    data = {
        "title": (_words(request.POST.get("alt-upload", "")) or str(file.name))[:200],
        "collection": Collection.get_first_root_node().pk,
    }
    form = get_image_form(get_image_model())(
        data, {"file": file}, instance=image, user=request.user
    )
    if form.is_valid():
        return form.save(), ""
    words = " ".join(str(words) for errors in form.errors.values() for words in errors)
    return None, words or _("This file is no picture that we can take.")


def _words(text: str) -> str:
    """An alternative text as it can be kept: PostgreSQL takes no NUL."""
    return text.replace("\x00", "").strip()[:ALT_MAX]


def _numbers(texts: list[str]) -> list[int]:
    return [int(one) for one in texts if one.isascii() and one.isdigit() and len(one) < 10]


def _place(text: str, at: int) -> float:
    """Where a picture stands; one put at another's number comes before it."""
    return int(text) - 1.5 if text.isascii() and text.isdigit() and int(text) != at + 1 else at
