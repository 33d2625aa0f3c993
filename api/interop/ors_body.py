"""What is asked of openrouteservice: bodies of a matrix and of directions, read leniently as its clients write them.

Numbers and truth values may be text ("false"); what is unknown is refused, as the original does, with its codes.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from api.interop.refusal import Refusal

MATRIX, DIRECTIONS = 6000, 2000  # to which the codes below are added
MALFORMED, MISSING, FORMAT, VALUE, LIMIT, NO_FORMAT, NO_ROUTE, NO_POINT = 0, 1, 2, 3, 4, 7, 9, 10
UNKNOWN = {MATRIX: 11, DIRECTIONS: 12}
OF_VALUE = frozenset(
    {"literal_error", "greater_than", "greater_than_equal", "less_than_equal", "too_short", "too_long"}
)


class Body(BaseModel):
    """Base of what comes in."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)


def _index(value: object) -> object:
    return -1 if value == "all" else value


Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]
Place = tuple[Lon, Lat]
Index = Annotated[int, BeforeValidator(_index)]
Units = Literal["m", "km", "mi"]
Ring = Annotated[tuple[Place, ...], Field(min_length=4)]


class Restrictions(Body):
    """Sizes of a vehicle: metres and tonnes."""

    length: float | None = Field(None, gt=0)
    width: float | None = Field(None, gt=0)
    height: float | None = Field(None, gt=0)
    axleload: float | None = Field(None, gt=0)
    weight: float | None = Field(None, gt=0)
    hazmat: bool = False


class ProfileParams(Body):
    """What is special about the vehicle."""

    restrictions: Restrictions = Restrictions()
    weightings: dict[str, Any] = {}
    surface_quality_known: bool = False
    allow_unsuitable: bool = False


class Polygon(BaseModel):
    """An area, or none at all (an empty object)."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False, frozen=True)
    type: Literal["Polygon", "MultiPolygon"] | None = None
    coordinates: tuple[Ring, ...] | tuple[tuple[Ring, ...], ...] = ()


class Options(Body):
    """What is avoided, and by whom."""

    avoid_features: tuple[Literal["highways", "tollways", "ferries", "fords", "steps"], ...] = ()
    avoid_polygons: Polygon = Polygon()
    avoid_borders: Literal["all", "controlled", "none"] = "none"
    avoid_countries: tuple[str, ...] = ()
    vehicle_type: Literal["hgv", "bus", "agricultural", "delivery", "forestry", "goods", "unknown"] | None = None
    profile_params: ProfileParams = ProfileParams()


class MatrixBody(Body):
    """A table of times and distances."""

    id: str | None = None
    profile: str | None = None
    locations: Annotated[tuple[Place, ...], Field(min_length=2)]
    sources: tuple[Index, ...] = ()
    destinations: tuple[Index, ...] = ()
    metrics: tuple[Literal["duration", "distance"], ...] = ("duration",)
    units: Units = "m"
    resolve_locations: bool = False
    optimized: bool = True
    options: Options = Options()


class DirectionsBody(Body):
    """A way through places."""

    id: str | None = None
    profile: str | None = None
    coordinates: Annotated[tuple[Place, ...], Field(min_length=2)]
    preference: Literal["fastest", "shortest", "recommended", "custom"] = "recommended"
    units: Units = "m"
    language: str = "en"
    geometry: bool = True
    geometry_simplify: bool = False
    instructions: bool = True
    instructions_format: Literal["text", "html"] = "text"
    roundabout_exits: bool = False
    attributes: tuple[Literal["avgspeed", "detourfactor", "percentage"], ...] = ()
    radiuses: tuple[float, ...] = ()
    maneuvers: bool = False
    bearings: tuple[tuple[float, ...], ...] = ()
    continue_straight: bool = False
    elevation: bool = False
    extra_info: tuple[str, ...] = ()
    suppress_warnings: bool = False
    optimized: bool = True
    alternative_routes: dict[str, Any] = {}
    maximum_speed: float | None = Field(None, gt=0)
    options: Options = Options()


Model = TypeVar("Model", bound=Body)


def read(kind: type[Model], raw: bytes, base: int) -> Model:
    """Read a body; ``base`` is that of the codes.

    Raises
    ------
    Refusal
        With openrouteservice's code and wording.
    """
    try:
        return kind.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
    names = [str(part) for part in first["loc"] if isinstance(part, str)]
    name = next((part for part in names if part in kind.model_fields), names[0] if names else "")
    match first["type"]:
        case "json_invalid":
            raise Refusal(base + MALFORMED, f"Unable to parse JSON request. {first['msg']}")
        case "missing":
            raise Refusal(base + MISSING, f"Parameter '{names[-1] if names else ''}' is missing.")
        case "extra_forbidden":
            raise Refusal(base + UNKNOWN[base], f"Unknown parameter '{names[-1]}'.")
        case "literal_error":
            raise Refusal(base + VALUE, f"Parameter '{name}' has incorrect value of '{first['input']}'.")
        case known:
            code = base + (VALUE if known in OF_VALUE else FORMAT)
            raise Refusal(code, f"Parameter '{name}' has incorrect value or format.")
