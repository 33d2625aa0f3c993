"""The limits of this service, so that nobody has to find them by running into them."""

from __future__ import annotations

from pydantic import Field

from api.contract import operation
from api.explain import JSON_DEPTH
from api.resources.shapes import Shape
from api.services import services


class LimitsShape(Shape):
    """What the service takes."""

    json_bytes: int = Field(description="Largest JSON body.")
    json_depth: int = Field(description="Deepest nesting of a scenario.")
    upload_bytes: dict[str, int] = Field(description="Ending of a file's name -> largest size.")
    page_size: int
    page_size_most: int
    queued_runs: int = Field(description="Runs that may wait at one time.")
    run_seconds: float = Field(description="Longest solving time for each planned day.")
    wait_seconds: float = Field(description="Longest wait of a long poll.")
    route_places: int = Field(description="Places of a way asked for as from another router; see docs/interop.md.")
    table_places: int
    trip_places: int
    match_places: int
    nearest_places: int
    nearest_results: int
    vroom_bytes: int
    vroom_locations: int
    vroom_vehicles: int
    vroom_seconds: int
    vroom_processes: int
    vroom_waiting: int


@operation("GET", "/v1/limits", tag="service", answer=LimitsShape)
def read_limits() -> LimitsShape:
    """Read the limits of this service."""
    limits = services().config.limits
    return LimitsShape(
        json_bytes=limits.json_bytes,
        json_depth=JSON_DEPTH,
        upload_bytes=dict(limits.upload_bytes),
        page_size=limits.page_size,
        page_size_most=limits.page_size_most,
        queued_runs=limits.queued_runs,
        run_seconds=limits.run_seconds,
        wait_seconds=limits.wait_seconds,
        route_places=limits.route_places,
        table_places=limits.table_places,
        trip_places=limits.trip_places,
        match_places=limits.match_places,
        nearest_places=limits.nearest_places,
        nearest_results=limits.nearest_results,
        vroom_bytes=limits.vroom_bytes,
        vroom_locations=limits.vroom_locations,
        vroom_vehicles=limits.vroom_vehicles,
        vroom_seconds=limits.vroom_seconds,
        vroom_processes=limits.vroom_processes,
        vroom_waiting=limits.vroom_waiting,
    )
