"""Plans driven as they stand on the whiteboard, at the earliest times: no timing pass, no judge has a hand in them.

A line is ``"v1: a#1 ~lunch b | c |north"``: after ``#`` stands the mode, after ``@`` the hour of setting out
(``"v1@6.5: a b |"``; else the shift's start), and a line ``"out: d e"`` lists what is left out. Written from the
docstrings of the nouns alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from optimiser.rounds.pace import arrival_ms
from optimiser.rounds.plan import Act, Plan, Reason, Round, Unserved, Visit
from optimiser.rounds.problem import Break, DrivingRest, Mode, RoundsProblem, Stop, TipSite, Vehicle
from tests.notation import HOUR

Work = Stop | TipSite | Break | DrivingRest
Piece = tuple[Work, int]
ACTS = {Stop: Act.STOP, TipSite: Act.TIP, Break: Act.BREAK, DrivingRest: Act.BREAK}


def drive(problem: RoundsProblem, text: str, *, tip: str = "tip") -> Plan:
    """Return the plan on the whiteboard, each round driven as early as it goes."""
    rounds, out = [], ()
    for line in filter(None, (line.strip() for line in text.splitlines())):
        head, words = (part.strip() for part in line.split(":"))
        if head == "out":
            out = tuple(Unserved(stop=stop, reason=Reason.NO_ROOM) for stop in words.split())
            continue
        name, _, hour = head.partition("@")
        vehicle = next(v for v in problem.vehicles if v.id == name)
        start = float(hour) * HOUR if hour else vehicle.shift.start_s
        pieces = [_piece(problem, vehicle, word, tip) for word in words.split()]
        rounds.append(drive_round(problem, vehicle, pieces, round(start * 1000)))
    return Plan(rounds=tuple(rounds), unserved=out)


def drive_round(
    problem: RoundsProblem, vehicle: Vehicle, pieces: Sequence[Piece], start_ms: int, *, wait: bool = True
) -> Round:
    """Return the round that makes these visits in turn; ``wait=False``: as if all were open and ready always."""
    now, here, place, visits = start_ms, vehicle.start, "", []
    for k, (work, number) in enumerate(pieces):
        if _fixed(work):
            arrive = now
        else:
            mode = work.modes[number]
            depart = max(now, _release(pieces, k)) if wait else now
            arrive = drive_leg(problem, vehicle, here, mode.arrive, depart)
            here = mode.leave
        took = round(work.duration_s * 1000) if isinstance(work, Break | DrivingRest) else 0
        if isinstance(work, Stop | TipSite):
            took = work_ms(vehicle, work, number, place)
            place = work.modes[number].place
        begin = _opens(work, arrive) if wait else arrive
        now = begin + took
        visits.append(
            Visit(
                act=ACTS[type(work)],
                id=work.id,
                mode=number,
                arrive_s=arrive / 1000,
                start_s=begin / 1000,
                end_s=now / 1000,
            )
        )
    home = drive_leg(problem, vehicle, here, vehicle.end, now)
    return Round(vehicle=vehicle.id, start_s=start_ms / 1000, end_s=home / 1000, visits=tuple(visits))


def drive_leg(problem: RoundsProblem, vehicle: Vehicle, leave: str, arrive: str, depart_ms: int) -> int:
    """Return when a leg ends."""
    names = [period.travel for period in problem.periods.get(vehicle.profile, ())] or [vehicle.profile]
    starts = [round(period.from_s * 1000) for period in problem.periods.get(vehicle.profile, ())] or [0]
    travels = [problem.travel[name] for name in names]
    durations = [int(travel.duration_ms[travel.row(leave), travel.column(arrive)]) for travel in travels]
    arrived = arrival_ms(depart_ms, durations, starts)
    return depart_ms + durations[0] if arrived is None else arrived


def work_ms(vehicle: Vehicle, work: Stop | TipSite, number: int, place: str) -> int:
    """Return what a visit takes such a vehicle that comes from a place: set-up if it is another, queue, service."""
    mode: Mode = work.modes[number]
    setup = mode.setup_by.get(vehicle.service_type, mode.setup_s) if not mode.place or mode.place != place else 0.0
    queue = work.queue_s if isinstance(work, TipSite) else 0.0
    service = mode.service_by.get(vehicle.service_type, mode.service_s)
    return round(setup * 1000) + round(queue * 1000) + round(service * 1000)


def random_plan(problem: RoundsProblem, seed: int) -> Plan:
    """Return a plan that serves each stop at most once, with tips and breaks anywhere; its times add up."""
    rng = Random(seed)
    stops = rng.sample(problem.stops, rng.randint(0, len(problem.stops)))
    rounds = []
    for vehicle in problem.vehicles:
        own = [stops.pop() for _ in range(rng.randint(0, len(stops)))]
        rests = [*vehicle.breaks, *([vehicle.driving_rest] if vehicle.driving_rest else [])]
        more = [*rng.choices(problem.tip_sites, k=rng.randint(0, 2)), *(rest for rest in rests if rng.random() < 0.7)]
        works: list[Work] = [*own, *more]
        rng.shuffle(works)
        pieces = [(work, rng.randrange(max(len(getattr(work, "modes", ())), 1))) for work in works]
        start = vehicle.shift.start_s + rng.choice([0.0, 600.0, 3600.0])
        rounds.append(drive_round(problem, vehicle, pieces, round(start * 1000)))
    served = {stop for tour in rounds for stop in tour.stops}
    out = (Unserved(stop=stop.id, reason=Reason.NO_ROOM) for stop in problem.stops if stop.id not in served)
    return Plan(rounds=tuple(rounds), unserved=tuple(out))


def _piece(problem: RoundsProblem, vehicle: Vehicle, word: str, tip: str) -> Piece:
    name, _, number = word.partition("#")
    if name.startswith("~"):
        rests = [*vehicle.breaks, *([vehicle.driving_rest] if vehicle.driving_rest else [])]
        work: Work = next(rest for rest in rests if rest.id == name[1:])
    elif name.startswith("|"):
        work = next(site for site in problem.tip_sites if site.id == (name[1:] or tip))
    else:
        work = next(stop for stop in problem.stops if stop.id == name)
    return work, int(number or 0)


def _fixed(work: Work) -> bool:
    """Return whether it is done where the vehicle stands."""
    return isinstance(work, DrivingRest) or (isinstance(work, Break) and not work.modes)


def _release(pieces: Sequence[Piece], k: int) -> int:
    """Return the latest release of the trip if the leg to piece ``k`` is its first, else 0."""
    begin = max((n + 1 for n in range(k) if isinstance(pieces[n][0], TipSite)), default=0)
    if not all(_fixed(work) for work, _ in pieces[begin:k]):
        return 0
    end = next((n for n in range(k, len(pieces)) if isinstance(pieces[n][0], TipSite)), len(pieces))
    return max((round(work.release_s * 1000) for work, _ in pieces[begin:end] if isinstance(work, Stop)), default=0)


def _opens(work: Work, now: int) -> int:
    """Return the first moment from now on at which the work may begin; now if there is none."""
    spans = work.spans if isinstance(work, Break) else getattr(work, "windows", ())
    edges = [(round(span.open_s * 1000), round(span.close_s * 1000)) for span in spans]
    return next((max(now, opens) for opens, closes in edges if now <= closes), now)
