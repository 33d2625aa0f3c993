"""How the service is set up: one frozen record from environment or command line, checked at the start."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from faults import Fault, InputError

MIB = 2**20
TOKEN_CHARACTERS = 16  # fewer can be guessed over a network
SERVICES = frozenset(
    {"route", "table", "nearest", "trip", "match", "tile", "v2"}
)  # first words of other routers' paths
_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the service takes; published at ``/v1/limits``.

    Parameters
    ----------
    json_bytes
        Largest JSON body.
    upload_bytes
        Ending of a file's name -> largest size in bytes; other endings are refused.
    page_size, page_size_most
        Rows of a list when nothing is asked, and at most.
    queued_runs
        Runs that may wait at one time.
    run_seconds
        Longest solving time that can be asked for, per planned day.
    wait_seconds
        Longest time that a long poll waits.
    waiting
        Long polls at one time; beyond it they answer at once.
    sign_ins
        Wrong tokens a minute from one address.
    route_places, table_places, trip_places, match_places, nearest_places, nearest_results
        Places, and streets found near one, in a single request to the interfaces of other routers. A table of
        ``n`` places needs about 80 n² bytes while it is answered.
    vroom_bytes, vroom_locations, vroom_vehicles, vroom_seconds
        Body, places (a job is one, a shipment two), vehicles and seconds of one request in VROOM's JSON.
    vroom_processes, vroom_waiting
        Processes that plan such requests, and requests that may wait for one; beyond it they are refused.
    """

    json_bytes: int = 10 * MIB
    upload_bytes: Mapping[str, int] = field(
        default_factory=lambda: {
            ".csv": 32 * MIB,
            ".tsv": 32 * MIB,
            ".txt": 32 * MIB,
            ".xlsx": 32 * MIB,
            ".geojson": 64 * MIB,
            ".json": 64 * MIB,
            ".toml": MIB,
            ".graphml": 256 * MIB,
            ".sqlite": 256 * MIB,
            ".sqlite3": 256 * MIB,
            ".db": 256 * MIB,
            ".zip": 128 * MIB,
            ".osm": 1024 * MIB,
            ".osm.gz": 256 * MIB,
            ".osm.bz2": 256 * MIB,
            ".pbf": 1024 * MIB,
        }
    )
    page_size: int = 20
    page_size_most: int = 100
    queued_runs: int = 100
    run_seconds: float = 24 * 3600.0
    wait_seconds: float = 25.0
    waiting: int = 16
    sign_ins: int = 10
    route_places: int = 500
    table_places: int = 2000
    trip_places: int = 100
    match_places: int = 1000
    nearest_places: int = 100
    nearest_results: int = 100
    vroom_bytes: int = MIB
    vroom_locations: int = 1000
    vroom_vehicles: int = 200
    vroom_seconds: int = 300
    vroom_processes: int = 2
    vroom_waiting: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that may differ between two services.

    Parameters
    ----------
    home
        Folder of the database, uploads and results.
    host, port
        Where to listen.
    token
        What every client must show; ``None``: nothing, which is allowed on this machine only.
    https
        The service is reached through HTTPS; cookies are then sent over HTTPS only.
    database
        URL of the database; empty: an SQLite file in ``home``.
    network
        Street network offered to the recycler's page.
    streets
        Street files served to clients of other routers, by name; the first one is meant where no name is given.
    """

    home: Path = field(default_factory=lambda: user_data_path("mzunguko", appauthor=False))
    host: str = "127.0.0.1"
    port: int = 8000
    token: str | None = field(default=None, repr=False)
    https: bool = False
    database: str = ""
    network: Path | None = None
    streets: Mapping[str, Path] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        check(self)

    @property
    def database_url(self) -> str:
        """The database's URL."""
        return self.database or f"sqlite:///{(self.home / 'mzunguko.sqlite').as_posix()}"

    @property
    def files(self) -> Path:
        """Folder of the files named by their content."""
        return self.home / "files"


def from_environment(environ: Mapping[str, str]) -> Config:
    """Read ``MZUNGUKO_HOME``, ``_HOST``, ``_PORT``, ``_TOKEN``, ``_HTTPS``, ``_DATABASE``, ``_NETWORK``, ``_STREETS``,
    ``_LIMITS``.

    Raises
    ------
    InputError
        ``bad-port``, ``bad-limit``, and those of :func:`check`.
    """  # noqa: D205 - the list is the summary
    given = {name: environ.get(f"MZUNGUKO_{name}", "") for name in ("HOME", "NETWORK", "TOKEN", "PORT")}
    plain = Config()
    return Config(
        home=Path(given["HOME"]) if given["HOME"] else plain.home,
        host=environ.get("MZUNGUKO_HOST") or plain.host,
        port=_port(given["PORT"]) if given["PORT"] else plain.port,
        token=given["TOKEN"] or None,
        https=environ.get("MZUNGUKO_HTTPS", "") in {"1", "true", "yes"},
        database=environ.get("MZUNGUKO_DATABASE", ""),
        network=Path(given["NETWORK"]) if given["NETWORK"] else None,
        streets=named_files(filter(None, environ.get("MZUNGUKO_STREETS", "").split(os.pathsep))),
        limits=_limits(environ.get("MZUNGUKO_LIMITS", "")),
    )


def named_files(words: Iterable[str]) -> dict[str, Path]:
    """Read ``FILE`` or ``NAME=FILE``; without a name it is that of the file up to its first dot."""
    files: dict[str, Path] = {}
    for word in words:
        name, given, file = word.rpartition("=")
        path = Path(file)
        files[name if given else path.name.partition(".")[0]] = path
    return files


def _limits(text: str) -> Limits:
    """Read ``name=number`` pairs, separated by commas; names as in :class:`Limits`."""
    numbers = {entry.name for entry in fields(Limits) if entry.type == "int"}
    given: dict[str, Any] = {}
    for pair in filter(None, text.split(",")):
        name, _, number = pair.strip().partition("=")
        if name not in numbers or not number.isdecimal() or not int(number):
            raise InputError(
                Fault(
                    code="bad-limit",
                    place="MZUNGUKO_LIMITS",
                    cause=f"{pair!r} is no limit",
                    action=f"give name=number pairs, separated by commas; names are {', '.join(sorted(numbers))}",
                )
            )
        given[name] = int(number)
    return replace(Limits(), **given)


def _port(text: str) -> int:
    if text.isdecimal() and 0 <= int(text) <= 65535:
        return int(text)
    raise InputError(
        Fault(
            code="bad-port",
            place="MZUNGUKO_PORT",
            cause=f"{text!r} is not a port number",
            action="give a whole number from 0 to 65535",
        )
    )


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this very machine, reachable from nowhere else."""
    bare = host.strip("[]").lower()
    if bare == "localhost" or bare.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def check(config: Config) -> None:
    """Refuse a set-up that would be open to strangers; all faults at once.

    Raises
    ------
    InputError
        ``open-without-token``, ``weak-token``, ``no-network-file``, ``bad-streets-name``.
    """
    faults = []
    if config.token is None and not is_loopback(config.host):
        faults.append(
            Fault(
                code="open-without-token",
                place=f"host {config.host}",
                cause="other machines could reach the service, and no token is set",
                action="set the variable MZUNGUKO_TOKEN or give --token-file, or listen on 127.0.0.1",
            )
        )
    if config.token is not None and (
        len(config.token) < TOKEN_CHARACTERS or not config.token.isascii() or not config.token.isprintable()
    ):
        faults.append(
            Fault(
                code="weak-token",
                place="token",
                cause=f"a token has at least {TOKEN_CHARACTERS} printable ASCII characters",
                action="make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'",
            )
        )
    faults += [_no_file(file) for file in (config.network, *config.streets.values()) if file and not file.is_file()]
    faults += [_bad_name(name) for name in config.streets if name in SERVICES or not _NAME.fullmatch(name)]
    if faults:
        raise InputError(faults)


def _no_file(file: Path) -> Fault:
    return Fault(
        code="no-network-file",
        place=str(file),
        cause="there is no such file",
        action="give the path of a street network, for example an .osm.pbf extract",
    )


def _bad_name(name: str) -> Fault:
    return Fault(
        code="bad-streets-name",
        place=f"streets {name!r}",
        cause="the name of a street file stands in addresses, and this one cannot",
        action="give another one, NAME=FILE, of letters, digits, - and _, that is no service (route, table, ...)",
    )
