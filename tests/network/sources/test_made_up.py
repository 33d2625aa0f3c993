import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from network.geometry import steps_m
from network.profiles import PROFILES
from network.sources.made_up import twelve_junctions
from network.tags import usable


def test_the_town_is_as_drawn() -> None:
    town = twelve_junctions()
    assert (town.junctions, town.segments) == (12, 16)
    ends = zip(town.junction_id[town.tail].tolist(), town.junction_id[town.head].tolist(), strict=True)
    drawn = {pair: (name, metres) for pair, name, metres in zip(ends, town.name.strings(), town.length_m, strict=True)}
    assert drawn[1, 2] == ("South Lane", 200)
    assert drawn[6, 7] == ("Market Street", 300)
    assert drawn[7, 11] == ("Third Avenue", 150)
    assert drawn[11, 12] == ("Quarry Road", 200)
    assert town.length_m.sum() == 2950
    assert town.licence == "CC0, made up"


def test_lengths_agree_with_the_geometry() -> None:
    town = twelve_junctions()
    measured = [steps_m(*town.shape(segment).T).sum() for segment in range(town.segments)]
    assert measured == pytest.approx(town.length_m, rel=1e-6)
    for segment in range(town.segments):
        shape = town.shape(segment)
        assert shape[0].tolist() == [town.junction_lon[town.tail[segment]], town.junction_lat[town.tail[segment]]]
        assert shape[-1].tolist() == [town.junction_lon[town.head[segment]], town.junction_lat[town.head[segment]]]


def test_one_ways_and_the_dead_end() -> None:
    town = twelve_junctions()
    truck = usable(town, PROFILES["refuse-truck"])
    names = town.name.strings()
    assert set(names[truck.forward & ~truck.backward]) == {"Market Street"}
    assert set(names[truck.backward & ~truck.forward]) == {"Third Avenue"}
    degree = np.bincount(np.concatenate([town.tail, town.head]))
    assert town.junction_id[degree == 1].tolist() == [12]


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_everybody_gets_everywhere(profile: str) -> None:
    town = twelve_junctions()
    use = usable(town, PROFILES[profile])
    tail = np.concatenate([town.tail[use.forward], town.head[use.backward]])
    head = np.concatenate([town.head[use.forward], town.tail[use.backward]])
    links = coo_array((np.ones(len(tail)), (tail, head)), shape=(12, 12))
    assert connected_components(links, directed=True, connection="strong")[0] == 1
