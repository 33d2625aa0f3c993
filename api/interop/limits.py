"""How much one request may ask for, in the words of the originals."""

from __future__ import annotations

from collections.abc import Mapping

from api.config import Limits
from api.interop.osrm_query import Query
from api.interop.refusal import Refusal

ALTERNATIVES = 3  # the original's limit; one route is answered


def check(query: Query, limits: Limits) -> None:
    """Refuse a request to OSRM's services that asks for too much.

    Raises
    ------
    Refusal
        ``TooBig``.
    """
    count, most = len(query.places), most_places(limits)[query.service]
    asked = query.options.get("number", 1)
    alternatives = query.options.get("alternatives", 0)
    message = ""
    if count > most:
        message = _MESSAGES[query.service].format(count=count, most=most)
    elif asked > limits.nearest_results:
        message = f"Number of results {asked} is higher than current maximum ({limits.nearest_results})"
    elif not isinstance(alternatives, bool) and alternatives > ALTERNATIVES:
        message = f"Requested number of alternatives is higher than current maximum ({ALTERNATIVES})"
    if message:
        raise Refusal("TooBig", message)


def most_places(limits: Limits) -> Mapping[str, int]:
    """Return how many places each service takes."""
    return {
        "route": limits.route_places,
        "table": limits.table_places,
        "trip": limits.trip_places,
        "match": limits.match_places,
        "nearest": limits.nearest_places,
    }


_MESSAGES: Mapping[str, str] = {
    "route": "Number of entries {count} is higher than current maximum ({most})",
    "table": "Too many table coordinates",
    "trip": "Too many trip coordinates",
    "match": "Too many trace coordinates",
    "nearest": "Number of coordinates {count} is higher than current maximum ({most})",
}
