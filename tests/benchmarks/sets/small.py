"""Instances small enough for paper, in the texts of the sets."""

from __future__ import annotations

import json

from benchmarks.sets.instance import Instance
from benchmarks.sets.registry import FORMATS
from benchmarks.sets.source import Source
from optimiser.rounds.plan import Plan
from tests.benchmarks.sets.published import Tour, stated

KIM = """10.0 \t// vehicle capacity (yards), real number
15.0 // total yardage allowed for a vehicle per day, real number
3 // total number of regular stops for a vehicle allowed per day
3600 // lunch time duration in second, lunch time should start between 11:00am and 12:00 pm
40 // speed: MPH
Stop_ID X(feet) Y(feet) Early_St_Time (HHMM) Late_St_Time (HHMM) Svice_Time(Sec) Load (Yards) "Stop_Type(0: Depot...)"
0 0 0 0400 1500 0 9999 0
1 5280 5280 0000 2400 600 9999 2
2 0 5280.5 0700 1675 60 6 1
3 10560 0 0000 2400 60 7 1

"""

CARP = """NOMBRE : tiny
COMENTARIO : 0
VERTICES : 4
ARISTAS_REQ : 2
ARISTAS_NOREQ : 2
VEHICULOS : 1
CAPACIDAD : 3
TIPO_COSTES_ARISTAS : EXPLICITOS
COSTE_TOTAL_REQ : 7
LISTA_ARISTAS_REQ :
( 1, 2)   coste 3   demanda 2
( 3, 4)   coste 4   demanda 2
LISTA_ARISTAS_NOREQ :
( 2, 3)   coste 5
( 1, 4)   coste 9
DEPOSITO :   1
"""

MCARP = """NAME : tiny
NODES : 4
CAPACITY : 10
DUMPING_COST : 300
LIST_REQ_EDGES :
(1,2)   serv_cost 20   trav_cost 3   demand 2
LIST_REQ_ARCS :
(3,-4)   serv_cost 30   trav_cost 4   demand 2
LIST_NOREQ_ARCS :
(2,3)   cost 5
(-4,1)   cost 9
DEPOT : 1"""

MCARPTIF = MCARP.replace("DUMPING_COST", "MAX_TRIP : 1000\nDUMPING_COST") + "\nDUMPING_SITES : 3,1"

RWCP = """NAME\ttiny
CAPACITY\t10\t20
DUMPING_COST\t300
MAX_DURATION\t5000
DEPOT\t1
DUMPING_SITES\t5
TURN_PENALTY\t0\t5\t11\t45.5
LIST_REQ_EDGES :
2\t3\t30\t10\t4\t3\t0 0,10 0
LIST_REQ_ARCS :
3\t4\t20.5\t7\t2\t1\t10 0,10 10
LIST_NOREQ_EDGES :
1\t2\t0\t6\t0\t0\t-10 0,0 0
LIST_NOREQ_ARCS :
4\t5\t0\t8\t0\t0\t10 10,20 10
5\t1\t0\t100\t0\t0\t20 10,-10 0
"""

CVRP = """NAME : tiny
TYPE : CVRP
DIMENSION : 4
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 3 4
3 1 1
4 0 6
DEMAND_SECTION
1 0
2 5
3 5
4 5
DEPOT_SECTION
 1
 -1
EOF
"""

HFVRP = CVRP.replace("CAPACITY : 10\n", "VEHICLES : 2\n").replace(
    "DEPOT_SECTION",
    "CAPACITY_SECTION\n1 10\n2 15\nVEHICLES_FIXED_COST_SECTION\n1 100\n2 300\n"
    "VEHICLES_UNIT_DISTANCE_COST_SECTION\n1 100\n2 250\nDEPOT_SECTION",
)

MULTI_TRIP = CVRP.replace("CAPACITY : 10\n", "CAPACITY : 10\nVEHICLES : 1\nSERVICE_TIME : 9\n").replace(
    "DEPOT_SECTION",
    "TIME_WINDOW_SECTION\n1 0 100\n2 0 50\n3 0 80\n4 0 90\nRELEASE_TIME_SECTION\n1 0\n2 0\n3 20\n4 0\n"
    "VEHICLES_RELOAD_DEPOT_SECTION\n1 1\nDEPOT_SECTION",
)

PRIZES = CVRP.replace("CAPACITY : 10\n", "CAPACITY : 10\nVEHICLES : 1\n").replace(
    "DEPOT_SECTION",
    "TIME_WINDOW_SECTION\n1 0 100\n2 0 50\n3 0 80\n4 0 90\nPRIZE_SECTION\n1 0\n2 7\n3 8\n4 9\nDEPOT_SECTION",
)

EXPLICIT = """NAME : tiny
TYPE : CVRP
DIMENSION : 3
EDGE_WEIGHT_TYPE : EXPLICIT
EDGE_WEIGHT_FORMAT : LOWER_ROW
CAPACITY : 10
EDGE_WEIGHT_SECTION
4
5 6
DEMAND_SECTION
1 0
2 5
3 5
DEPOT_SECTION
1
-1
EOF
"""

SOLOMON = """tiny

VEHICLE
NUMBER     CAPACITY
  2         10

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0         0          0          0       100          0
    1      1         1          5          0        50         10
    2      3         4          5         20        60         10
"""

CORDEAU = """2 1 2 2
20 8
20 8
 1 3 4 1 5 1 2 1 2
 2 10 1 1 5 1 2 1 2
 3 0 0 0 0 0 0
 4 10 0 0 0 0 0
"""

PVRPIF = json.dumps(
    {
        "info": {"numVehicles": 1, "maxDuration": 60, "maxCapacity": 10, "planningHorizon": 2},
        "features": [
            {"properties": {"id": k, "type": kind, "frequency": often, "demand": demand, "service": service}}
            for k, (kind, often, demand, service) in enumerate(
                [
                    ("depot", 0.0, 0.0, 0.0),
                    ("customer", 1.0, 6.0, 2.0),
                    ("customer", 2.0, 5.0, 3.0),
                    ("customer", 1.0, 4.0, 3.0),
                    ("intermediateFacility", 0.0, 0.0, 0.0),
                ]
            )
        ],
        "duration": [[0, 1, 2, 3, 4], [5, 0, 6, 7, 8], [9, 1, 0, 2, 3], [4, 5, 6, 0, 7], [8, 9, 1, 2, 0]],
    }
)

TEXTS = {
    "kim": KIM,
    "carp": CARP,
    "mcarp": MCARP,
    "mcarptif": MCARPTIF,
    "rwcp": RWCP,
    "vrplib": CVRP,
    "solomon": SOLOMON,
    "cordeau": CORDEAU,
    "pvrpif": PVRPIF,
}


def posed(form: str, text: str, objective: str | None = None) -> Instance:
    """Read a text in a format."""
    reader = FORMATS[form]
    return reader.read(Source(name="tiny", text=text), objective or reader.OBJECTIVES[0])


def plan_of(instance: Instance, *rounds: tuple, part: int = 0) -> Plan:
    """Return a plan without times: each round a vehicle and visits, ``name`` or ``(name, mode)``."""
    tours = [
        Tour(vehicle=vehicle, visits=tuple(v if isinstance(v, tuple) else (v, 0) for v in visits))
        for vehicle, *visits in rounds
    ]
    return stated(instance.parts[part].problem, tours)


def cost_of(instance: Instance, *rounds: tuple, part: int = 0) -> float:
    """Return the cost of a plan of one part, in the set's convention."""
    return instance.parts[part].cost(plan_of(instance, *rounds, part=part))
