"""Every figure that can be measured has a name."""

from dataclasses import replace

import numpy as np
import pytest

from scenarios.evidence import measure
from scenarios.evidence.case import EvidenceCase
from scenarios.messages import known
from tests.scenarios.documents import town


def case_of(outcome, *, fuel: str) -> EvidenceCase:
    vehicles = tuple(replace(vehicle, fuel=fuel, fuel_per_100km=20.0) for vehicle in outcome.system.vehicles)
    people = np.array([home.people for home in outcome.system.residents])
    return EvidenceCase(
        scenario=outcome.scenario,
        system=replace(outcome.system, vehicles=vehicles),
        days=outcome.days,
        hubs=outcome.hubs,
        balance=outcome.balance,
        people=people,
        walk_to_service_m=np.full(len(people), 90.0),
        walk_to_hub_m=np.full(len(people), 250.0) if outcome.hubs is not None else None,
        cpu_s=3.0,
    )


@pytest.mark.parametrize("fuel", ["diesel", "electricity"])
@pytest.mark.parametrize("maker", [town.full, town.recycler, town.empty])
def test_every_measured_figure_has_a_name(maker, fuel):
    figures = measure(case_of(maker(), fuel=fuel))
    assert figures
    assert [figure.id for figure in figures if not known(f"figure.{figure.id}")] == []
