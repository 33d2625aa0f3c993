"""A p-median by spopt, run by an interpreter that has it: ``python spopt_child.py FOLDER P SECONDS``.

It reads ``cost.npy`` (demand by candidate) and writes ``said.json`` with the positions of open sites.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pulp
from spopt.locate import PMedian  # type: ignore[import-not-found]

folder, p, seconds = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
cost = np.load(folder / "cost.npy")
model = PMedian.from_cost_matrix(cost, np.ones(len(cost)), p_facilities=p)
model.problem.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=seconds, threads=1))
found = model.problem.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
opened = [j for j, y in enumerate(model.fac_vars) if found and (y.value() or 0.0) > 0.5]
proven = model.problem.sol_status == pulp.LpSolutionOptimal
(folder / "said.json").write_text(json.dumps({"open": opened, "proven": proven}), encoding="utf-8")
