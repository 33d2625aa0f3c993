"""What may be asked of ``POST /v1/runs``: for each kind of run a sample, or an input of one's own with its files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from api.contract import Strict
from api.explain import JsonObject, Text
from api.jobs.inputs import SCENARIO
from api.jobs.kinds import PARTS, ROUNDS, Kind

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$", examples=["0f6c1f6e3b0c4a5f8d2e7a9b1c3d5e7f"])]
RESERVED = frozenset({".", "..", SCENARIO})  # the run's own folder has these


def _plain(name: str) -> str:
    if name in RESERVED or not name.isprintable():
        raise PydanticCustomError("file_name", "This is no name that a file of a run can have.")
    return name


FileName = Annotated[Text, AfterValidator(_plain), Field(pattern=r"^[^/\\]{1,120}$")]
SampleName = Annotated[
    Text, Field(pattern=r"^[a-z0-9-]{1,60}$", description="A name of /v1/samples, of this kind of run.")
]


class Choice(Strict):
    """What may be chosen for any run."""

    seed: int | None = Field(None, ge=0, le=2**31 - 1, description="Same seed and same iterations, same plan.")


class RoundsChoice(Choice):
    """What may be chosen for rounds."""

    kind: Literal["rounds"] = Field("rounds", description="Collection rounds (and what a scenario plans beside them).")
    seconds: float | None = Field(None, gt=0, le=86400, description="Solving time for each planned day.")
    engine: Annotated[str, Field(pattern="^(auto|strings|pyvrp|ortools|ruin|nearest)$")] | None = Field(
        None, description="Who solves: auto, strings, pyvrp, ortools, ruin or nearest."
    )


class HubsChoice(Choice):
    """What may be chosen for a hub study."""

    kind: Literal["hubs"] = Field(description="A hub study: which sites to open, for whom, in which order.")
    seconds: float | None = Field(None, ge=0.1, le=86400, description="Computing time for the whole study.")


class ScenarioRun(RoundsChoice):
    """A run of a scenario of one's own."""

    scenario: JsonObject = Field(description="The scenario, as in a scenario file.")
    files: dict[FileName, Id] = Field(
        default_factory=dict, description="File name as the scenario says it -> id of the upload."
    )


class SampleRun(RoundsChoice):
    """A run of a sample that comes with the product."""

    sample: SampleName


class StudyRun(HubsChoice):
    """A hub study of one's own."""

    study: JsonObject = Field(description="The study, as in a file hubs.toml.")
    files: dict[FileName, Id] = Field(
        default_factory=dict,
        description="File name as the study says it -> id of the upload; tables that the study does not name are "
        "people.csv and candidates.csv.",
    )


class HubsSampleRun(HubsChoice):
    """A hub study that comes with the product."""

    sample: SampleName


class CodesignChoice(Choice):
    """What may be chosen for a co-design study."""

    kind: Literal["codesign"] = Field(description="Which sites to open, decided together with the rounds from them.")
    seconds: float | None = Field(None, gt=0, le=86400, description="Computing time for the whole study.")


class CodesignRun(CodesignChoice):
    """A co-design study of one's own."""

    study: JsonObject = Field(description="The study, as in a file codesign.toml: a scenario with a table of sites.")
    files: dict[FileName, Id] = Field(
        default_factory=dict, description="File name as the study says it -> id of the upload."
    )


class CodesignSampleRun(CodesignChoice):
    """A co-design study that comes with the product."""

    sample: SampleName


Asked = ScenarioRun | SampleRun | StudyRun | HubsSampleRun | CodesignRun | CodesignSampleRun
OF_SAMPLES: Mapping[Kind, type[Asked]] = {
    "rounds": SampleRun,
    "hubs": HubsSampleRun,
    "codesign": CodesignSampleRun,
}
OF_ONES_OWN: Mapping[Kind, type[Asked]] = {"rounds": ScenarioRun, "hubs": StudyRun, "codesign": CodesignRun}


def _fitting(body: object) -> object:
    """Refuse a kind that there is not, and the input of another kind; the rest is for the shape of the kind."""
    if not isinstance(body, Mapping):
        return body
    kind = body.get("kind", ROUNDS)
    if kind not in list(PARTS):
        text = f"There is no kind of run {str(kind)[:60]!r}; there are {_and(PARTS)}."
        raise PydanticCustomError("run_kind", "{text}", {"text": text, "pointer": "/kind"})
    for part in sorted({*PARTS.values()} - {PARTS[kind]}):
        if part in body:
            others = _and([repr(other) for other, its in PARTS.items() if its == part])
            text = f"A {part} belongs to runs of the kind {others}; this one is of the kind {kind!r}."
            raise PydanticCustomError("run_part", "{text}", {"text": text, "pointer": f"/{part}"})
    return body


def _and(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _shape(value: object) -> str:
    kind, sample = ROUNDS, False
    if isinstance(value, Mapping):
        kind, sample = value.get("kind", ROUNDS), "sample" in value
    elif isinstance(value, Asked):
        kind, sample = value.kind, isinstance(value, tuple(OF_SAMPLES.values()))
    return f"shape:{kind} sample" if sample else f"shape:{kind}"


RunRequest = Annotated[
    Annotated[SampleRun, Tag("shape:rounds sample")]
    | Annotated[ScenarioRun, Tag("shape:rounds")]
    | Annotated[HubsSampleRun, Tag("shape:hubs sample")]
    | Annotated[StudyRun, Tag("shape:hubs")]
    | Annotated[CodesignSampleRun, Tag("shape:codesign sample")]
    | Annotated[CodesignRun, Tag("shape:codesign")],
    Discriminator(_shape),
    BeforeValidator(_fitting),
]
