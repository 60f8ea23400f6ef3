from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.images.models import Image as Picture

CAMERA = 0x0110
ORIENTATION = 0x0112
GPS = 0x8825


def _photo(kind: str = "JPEG", size: tuple[int, int] = (40, 20)) -> bytes:
    exif = Image.Exif()
    exif[CAMERA] = "Secret Camera 3000"
    exif[ORIENTATION] = 6  # taken with the camera on its side
    exif.get_ifd(GPS)[1] = "N"
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, exif=exif, comment=b"by Jane Doe")
    return out.getvalue()


def _upload(client: Client, name: str, content: bytes) -> str:
    file = SimpleUploadedFile(name, content)
    answer = client.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "A street", "files[]": file},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    return answer.content.decode()


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_it_strips_what_the_camera_wrote(kind: str, alice: Client) -> None:
    content = _photo(kind)
    assert b"Secret Camera" in content
    _upload(alice, f"street.{kind.lower()}", content)
    with Picture.objects.get().file.open() as file:
        stored = file.read()
    assert b"Secret Camera" not in stored
    assert b"Jane Doe" not in stored
    with Image.open(BytesIO(stored)) as picture:
        assert not dict(picture.getexif())
        assert picture.size == (20, 40)  # turned upright, as the camera meant it


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'),
        ("logo.png", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'),
        ("page.html", b"<script>1</script>"),
    ],
)
def test_it_refuses_what_is_no_photo(name: str, content: bytes, alice: Client) -> None:
    _upload(alice, name, content)
    assert not Picture.objects.exists()


def test_it_refuses_a_picture_of_more_than_25_megapixels(alice: Client) -> None:
    answer = _upload(alice, "vast.png", _photo("PNG", (5200, 5000)))
    assert "pixels" in answer
    assert not Picture.objects.exists()


def test_it_shows_originals_to_organisers_alone(alice: Client) -> None:
    _upload(alice, "street.jpg", _photo())
    address = Picture.objects.get().file.url
    shown = alice.get(address)
    assert shown.status_code == 200
    shown.close()
    assert Client().get(address).headers["Location"].startswith("/login/")
