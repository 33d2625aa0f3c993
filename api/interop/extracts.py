"""The street files that are served: read and prepared once, when first needed, and weighed for each use.

Each holds its streets, a hierarchy for each kind of movement, and the last few drives (a profile with what it avoids):
about 2 GB for a million segments and ``DRIVES`` drives.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from api.interop.avoid import Avoid, closures
from api.interop.vehicles import usual
from api.networks import read_file
from faults import MzungukoError
from network.profiles import Movement, VehicleProfile

if TYPE_CHECKING:
    from api.interop.roads import Roads
    from network.drive import Prepared
    from network.streets import StreetNetwork

LOG = logging.getLogger("mzunguko.streets")
DRIVES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Who drives, and what is avoided."""

    profile: VehicleProfile
    avoid: Avoid


class Extract:
    """One street file; safe to be asked by many threads, read by the first of them.

    Parameters
    ----------
    name, file
        What it is called, and where it is.
    cache
        Folder in which hierarchies are kept for the next start.
    """

    def __init__(self, name: str, file: Path, cache: Path | None) -> None:
        self._name, self._file, self._cache = name, file, cache
        self._lock = threading.RLock()
        self._network: StreetNetwork | None = None
        self._broken: MzungukoError | None = None
        self._prepared: dict[Movement, Prepared] = {}
        self._roads: OrderedDict[Use, Roads] = OrderedDict()

    def roads(self, use: Use) -> Roads:
        """Return the streets under a profile.

        Raises
        ------
        InputError, SourceError
            If the file cannot be read.
        """
        with self._lock:
            if use not in self._roads:
                self._roads[use] = self._weighed(use)
                while len(self._roads) > DRIVES:
                    self._roads.popitem(last=False)
            self._roads.move_to_end(use)
            return self._roads[use]

    def network(self) -> StreetNetwork:
        """Return the streets, reading them if need be."""
        with self._lock:
            if self._broken is not None:
                raise self._broken.with_traceback(None)  # or it would grow with every request
            if self._network is None:
                with _told(f"streets {self._name}: {self._file.name} read"):
                    self._network = self._read()
            return self._network

    def _read(self) -> StreetNetwork:
        """Read the file; one that cannot be read is not read again before the next start."""
        try:
            return read_file(self._file)
        except MzungukoError as error:
            self._broken = error
            raise

    def warm(self) -> None:
        """Read, prepare and drive once, so that the first request need not wait."""
        roads = self.roads(Use(profile=usual("driving"), avoid=Avoid()))
        with _told(f"streets {self._name}: driven once"):
            roads.try_out()

    def _weighed(self, use: Use) -> Roads:
        from api.interop.roads import roads
        from network.drive import drive, prepare

        movement = use.profile.movement
        if movement not in self._prepared:
            network = self.network()
            with _told(f"streets {self._name}: {network.segments:,} segments prepared ({movement})"):
                self._prepared[movement] = prepare(network, movement, cache=self._cache)
        prepared = self._prepared[movement]
        with _told(f"streets {self._name}: weighed for {use.profile.id}"):
            return roads(drive(prepared, use.profile, closures=closures(prepared.network, use.avoid)))


class Extracts:
    """All street files that are served, by name; the first one is meant where no name is given."""

    def __init__(self, files: Mapping[str, Path], cache: Path | None = None) -> None:
        self._extracts = {name: Extract(name, file, cache) for name, file in files.items()}

    def __getitem__(self, name: str) -> Extract:
        """Return an extract by its name; ``""`` is the first one."""
        return self._extracts[name or next(iter(self._extracts))]

    def __contains__(self, name: str) -> bool:
        """Return whether there is an extract of this name."""
        return name in self._extracts or (not name and bool(self._extracts))

    def warm(self) -> None:
        """Read all of them, beside what else the process does; what cannot be read is told when it is asked for."""
        threading.Thread(target=self._warm, name="streets", daemon=True).start()

    def _warm(self) -> None:
        for extract in self._extracts.values():
            try:
                extract.warm()
            except Exception:
                LOG.exception("streets: cannot be made ready")


@contextmanager
def _told(what: str) -> Iterator[None]:
    LOG.info("%s ...", what)
    began = time.perf_counter()
    yield
    LOG.info("%s: done (%.1f s)", what, time.perf_counter() - began)
