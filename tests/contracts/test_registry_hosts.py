"""No tracked file says where packages come from: that is the installation's affair."""

import subprocess
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
# In two halves, so that this file does not name them either.
HOSTS: Final = [
    first + second
    for first, second in (
        ("py", "pi.org"),
        ("python", "hosted.org"),
        ("npm", "js.org"),
        ("npm", "js.com"),
        ("deb.", "debian.org"),
        ("security.", "debian.org"),
        ("archive.", "ubuntu.com"),
        ("proxy.", "golang.org"),
        ("crates", ".io"),
        ("docker", ".io"),
        ("gh", "cr.io"),
        ("unp", "kg.com"),
        ("jsde", "livr.net"),
    )
]


def naming(files: dict[str, bytes]) -> list[str]:
    """Which files name which host."""
    return [
        f"{name} names {host}"
        for name, content in files.items()
        for host in HOSTS
        if host.encode() in content.lower()
    ]


def tracked() -> dict[str, bytes]:
    """Every tracked file's content."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this is not a git checkout")
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return {str(path.relative_to(ROOT)): path.read_bytes() for path in paths if path.is_file()}


def test_it_names_no_package_registry() -> None:
    assert naming(tracked()) == []


def test_it_would_see_one() -> None:
    assert naming({"x": f"https://{HOSTS[0].upper()}/simple".encode()})
