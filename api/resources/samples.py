"""The samples that come with the product."""

from __future__ import annotations

from pydantic import Field

from api.contract import operation
from api.resources.shapes import Shape
from api.samples import words


class SampleShape(Shape):
    """A scenario that comes with the product."""

    name: str = Field(description="Give this as `sample` to `POST /v1/runs`.")
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
    from scenarios.samples import NAMES, available

    return tuple(
        SampleShape(name=name, title=title, description=description, at_hand=available(name))
        for name, (title, description) in ((name, words(name)) for name in NAMES)
    )
