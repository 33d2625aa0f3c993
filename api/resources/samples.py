"""The samples that come with the product."""

from __future__ import annotations

from pydantic import Field

from api.contract import operation
from api.jobs.kinds import Kind
from api.resources.shapes import Shape
from api.samples import of_kinds, words


class SampleShape(Shape):
    """A scenario or study that comes with the product."""

    name: str = Field(description="Give this as `sample` to `POST /v1/runs`, with its kind.")
    kind: Kind = Field(description="Give this as `kind`; `rounds` may be left out.")
    title: str
    description: str
    at_hand: bool = Field(description="False: its street data is fetched from the package index by the first run.")


class SampleList(Shape):
    """The samples."""

    items: list[SampleShape]


@operation("GET", "/v1/samples", tag="samples", answer=SampleList)
def list_samples() -> SampleList:
    """List the samples."""
    return SampleList(items=list(samples()))


def samples() -> tuple[SampleShape, ...]:
    """Return the samples in the order in which one would try them."""
    from scenarios.samples import available

    return tuple(
        SampleShape(name=name, kind=kind, title=title, description=description, at_hand=available(name))
        for kind, names in of_kinds().items()
        for name, (title, description) in ((name, words(name)) for name in names)
    )
