"""Unmodified Python clients and VROOM, in an environment of their own: ``python clients.py ADDRESS PLACES``."""

import json
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import openrouteservice
import routingpy

FAR = [0.0, 0.0]


def close(one: float, other: float) -> bool:
    """Whether two numbers agree but for rounding."""
    return abs(one - other) <= 1 + 0.001 * abs(one)


def osrm(address: str, places: list[list[float]]) -> None:
    api = routingpy.OSRM(base_url=f"{address}/osrm")
    table = api.matrix(places, profile="driving")
    assert len(table.durations) == len(table.distances) == len(places)
    assert all(row[k] == 0 for k, row in enumerate(table.durations))
    row = api.matrix(places, profile="driving", sources=[1])
    assert row.durations == [table.durations[1]]
    (way,) = api.directions(places[:2], profile="driving", alternatives=True, steps=True, overview="full")
    assert close(way.duration, table.durations[0][1])
    assert close(way.distance, table.distances[0][1])
    assert len(way.geometry) > 2
    way = api.directions(places, profile="hgv", radiuses=[500] * len(places), geometries="geojson", annotations=True)
    assert way.duration > 0
    print(f"       routingpy OSRM: {len(places)} places, way of {way.distance} m")


def ors(address: str, places: list[list[float]]) -> None:
    client = openrouteservice.Client(base_url=f"{address}/ors")
    table = client.distance_matrix(places, profile="driving-car", metrics=["duration", "distance"], sources=[0])
    way = client.directions(places[:2], profile="driving-car", format="geojson")["features"][0]["properties"]
    assert close(way["summary"]["duration"], table["durations"][0][1])
    x, y = ((places[0][k] + places[1][k]) / 2 for k in (0, 1))
    ring = [
        [x - 1e-4, y - 1e-4],
        [x + 1e-4, y - 1e-4],
        [x + 1e-4, y + 1e-4],
        [x - 1e-4, y + 1e-4],
        [x - 1e-4, y - 1e-4],
    ]
    options = {
        "avoid_polygons": {"type": "Polygon", "coordinates": [ring]},
        "vehicle_type": "hgv",
        "profile_params": {"restrictions": {"weight": 18, "height": 3.8}},
    }
    around = client.directions(places, profile="driving-hgv", options=options)["routes"][0]
    assert len(around["segments"]) == len(places) - 1
    refusal = None
    try:
        client.directions([places[0], FAR], profile="driving-car")
    except openrouteservice.exceptions.ApiError as error:
        refusal = error
    assert refusal is not None, "a place in the sea was found"
    assert (refusal.status, refusal.message["error"]["code"]) == (404, 2010)
    api = routingpy.ORS(base_url=f"{address}/ors", api_key="any")
    assert close(api.directions(places[:2], profile="driving-car", format="json").duration, table["durations"][0][1])
    assert close(
        api.matrix(places, profile="driving-car", metrics=["duration"]).durations[0][1], table["durations"][0][1]
    )
    print(f"       openrouteservice-py and routingpy ORS: way of {way['summary']['distance']} m")


def vroom(address: str, places: list[list[float]], *, router: str, profile: str, path: str) -> None:
    host, _, port = address.removeprefix("http://").partition(":")
    vehicle = {"id": 1, "profile": profile, "start": places[0], "end": places[0]}
    jobs = [{"id": k, "location": place} for k, place in enumerate(places[1:], 1)]
    solved = _solved(router, f"{profile}:{host}{path}", f"{profile}:{port}", {"vehicles": [vehicle], "jobs": jobs})
    assert solved["code"] == 0, solved
    (route,) = solved["routes"]
    assert len(route["steps"]) == len(places) + 1
    assert route["geometry"]
    assert solved["summary"]["distance"] > 0
    lost = _solved(
        router,
        f"{profile}:{host}{path}",
        f"{profile}:{port}",
        {"vehicles": [vehicle], "jobs": [*jobs, {"id": 99, "location": FAR}]},
    )
    assert lost["code"] == 3, lost
    print(f"       VROOM -r {router}: {route['duration']} s, {solved['summary']['distance']} m; {lost['error']}")


def optimization(address: str, places: list[list[float]]) -> None:
    """openrouteservice-py's optimisation, and VROOM's own opinion of our routes."""
    from openrouteservice.optimization import Job, Shipment, ShipmentStep, Vehicle

    client = openrouteservice.Client(base_url=f"{address}/ors")
    jobs = [Job(id=k, location=place, service=60, amount=[1]) for k, place in enumerate(places[1:-2])]
    ends = [ShipmentStep(id=0, location=place) for place in places[-2:]]
    vehicle = Vehicle(id=0, profile="driving-car", start=places[0], end=places[0], capacity=[4], time_window=[0, 36000])
    shipments = [Shipment(pickup=ends[0], delivery=ends[1], amount=[1], skills=[], priority=0)]
    told = client.optimization(jobs=jobs, vehicles=[vehicle], shipments=shipments, geometry=True)
    assert told["code"] == 0, told
    assert not told["unassigned"]
    (route,) = told["routes"]
    assert route["geometry"]
    assert route["distance"] > 0
    print(f"       openrouteservice-py optimization: {len(route['steps'])} steps, {route['duration']} s")
    body = {
        "vehicles": [
            {"id": k, "start_index": 0, "end_index": 0, "capacity": [3], "time_window": [0, 4000]} for k in (1, 2)
        ],
        "jobs": [{"id": k, "location_index": k, "service": 60, "pickup": [1]} for k in range(1, 6)],
        "matrices": {"car": {"durations": [[100 * abs(a - b) for b in range(6)] for a in range(6)]}},
    }
    ours = json.loads(_posted(f"{address}/vroom/", body))
    theirs = _vroom(body, "-x", "5")
    assert ours["summary"]["cost"] <= theirs["summary"]["cost"], (ours["summary"], theirs["summary"])
    for van in body["vehicles"]:
        for done in ours["routes"]:
            if done["vehicle"] == van["id"]:
                van["steps"] = [{key: step[key] for key in ("type", "id") if key in step} for step in done["steps"]]
    judged = _vroom(body, "-c")
    assert judged["summary"]["violations"] == [], judged["summary"]
    assert judged["summary"]["cost"] == ours["summary"]["cost"]
    print(f"       VROOM's plan mode on our routes: cost {judged['summary']['cost']}, nothing broken")


def _posted(url: str, body: object) -> bytes:
    asked = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked) as reply:
        return reply.read()


def _vroom(problem: object, *words: str) -> dict:
    program = Path(sys.executable).parent / "vroom"
    done = subprocess.run([str(program), *words], input=json.dumps(problem), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def _solved(router: str, address: str, port: str, problem: object) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "problem.json"
        file.write_text(json.dumps(problem), encoding="utf-8")
        program = Path(sys.executable).parent / "vroom"
        words = [str(program), "-r", router, "-a", address, "-p", port, "-g", "-i", str(file)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.stdout, f"VROOM said nothing and ended with {done.returncode}: {done.stderr}"
    return json.loads(done.stdout)


if __name__ == "__main__":
    where, what = sys.argv[1], json.loads(sys.argv[2])
    osrm(where, what)
    ors(where, what)
    vroom(where, what, router="osrm", profile="car", path="/osrm")
    vroom(where, what, router="ors", profile="driving-hgv", path="/ors/v2")
    optimization(where, what)
