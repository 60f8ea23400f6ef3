"""Portraits of first signatories: made anew, square and small, with pixels alone."""

from io import BytesIO
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

SIDE: Final = 480
MOST_BYTES: Final = 10 * 1024 * 1024
MOST_PIXELS: Final = 25_000_000
KINDS: Final = ("JPEG", "PNG", "WEBP", "AVIF")
# Heads are above the middle of most pictures.
_CENTRE: Final = (0.5, 0.4)


def portrait(upload: "UploadedFile[bytes]") -> bytes:
    """The picture as a square JPEG without anything a camera or an editor wrote into it.

    Raises ValidationError for what is no picture, or too large a one.
    """
    if (upload.size or 0) > MOST_BYTES:
        raise ValidationError(_("This picture has more than 10 MB. Please send a smaller one."))
    upload.seek(0)
    try:
        with Image.open(upload, formats=KINDS) as opened:
            width, height = opened.size
            if width * height <= MOST_PIXELS:
                return _square(opened)
    # Whatever is in a file, Pillow's decoders have many ways of saying that it is no picture.
    except Exception as error:
        words = _("This is no picture we can read. JPEG, PNG, WebP and AVIF are.")
        raise ValidationError(words) from error
    raise ValidationError(
        _("This picture has more than 25 million pixels. Please send a smaller one.")
    )


def _square(opened: Image.Image) -> bytes:
    picture = ImageOps.fit(_plain(opened), (SIDE, SIDE), centering=_CENTRE)
    picture.info = {}
    out = BytesIO()
    picture.save(out, format="JPEG", quality=82, optimize=True)
    return out.getvalue()


def _plain(opened: Image.Image) -> Image.Image:
    """Upright, in the colours every screen knows, and on white where it was transparent."""
    upright: Any = ImageOps.exif_transpose(opened)
    profile = opened.info.get("icc_profile")
    if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in opened.info:
        above = upright.convert("RGBA")
        upright = Image.new("RGBA", above.size, "white")
        upright.alpha_composite(above)
    if profile and upright.mode in {"RGB", "CMYK", "L"}:
        upright = _as_srgb(upright, profile)
    plain: Image.Image = upright.convert("RGB")
    return plain


def _as_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    try:
        made = ImageCms.profileToProfile(
            picture, BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except ImageCms.PyCMSError:  # a profile for other pixels than these: better pale than lost
        return picture
    return made or picture
