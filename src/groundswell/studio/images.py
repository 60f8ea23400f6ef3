"""Uploaded pictures are made anew: what a camera or an editor wrote into them stays out."""

from io import BytesIO
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from PIL import Image, ImageOps
from wagtail.images.forms import BaseImageForm

SAVED_AS: Final[dict[str, dict[str, Any]]] = {
    "JPEG": {"quality": 90, "optimize": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 90},
    "AVIF": {"quality": 80},
}


class PictureForm(BaseImageForm):
    """Wagtail's form for pictures; the file that is kept carries no place, name or camera."""

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        # An edit of a picture's title brings back the stored file, which is clean already.
        return made_anew(upload) if isinstance(upload, UploadedFile) else upload


def made_anew(upload: UploadedFile[bytes]) -> UploadedFile[bytes]:
    """The same picture, upright, in the same format, with its pixels and colours alone."""
    upload.seek(0)
    with Image.open(upload) as opened:
        kind = opened.format or "PNG"
        picture = ImageOps.exif_transpose(opened)
        colours = opened.info.get("icc_profile")
    picture.info = {}
    out = BytesIO()
    options = {**SAVED_AS[kind], **({"icc_profile": colours} if colours else {})}
    picture.save(out, format=kind, **options)
    return SimpleUploadedFile(
        upload.name or "picture", out.getvalue(), content_type=f"image/{kind.lower()}"
    )
