"""One of our profiles told to OSRM: its own ``car.lua`` with our speeds, access rules, sizes and turns.

What Lua cannot be told stays different, and is what the comparison sorts its differences by: conditional access and
restrictions, streets of unknown width, slopes, gates, values of tags that only one of the two knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from shutil import copytree

from network.access import REFUSED
from network.profiles import PROFILES, VehicleProfile
from network.turns import FULL_DEG, RANK, SHARP_DEG, STRAIGHT_DEG

NAME = "ours.lua"
TEMPLATE = """-- {name}: written from the figures of the profile, on top of the car profile beside it
api_version = 4
local car = require('car')
local class_kmh = {{ {speeds} }}
local service_kmh = {{ {service} }}

function setup()
  local p = car.setup()
  p.properties.weight_name = 'routability'  -- weights are seconds here; the name switches on destination streets
  p.properties.u_turn_penalty = 0
  p.properties.traffic_signal_penalty = {signals_s}
  p.properties.left_hand_driving = {left_hand}
  p.speeds = Sequence {{ highway = class_kmh }}
  p.by_permission = Set {{ {by_permission} }}
  p.surface_speeds = {{ {surface} }}
  p.smoothness_speeds = {{ {smoothness} }}
  p.tracktype_speeds = {{ {tracktype} }}
  p.vehicle_max_speed = {kmh_cap}
  p.vehicle_height, p.vehicle_width = {height_m}, {width_m} - 0.001  -- OSRM closes streets just as wide
  p.vehicle_length, p.vehicle_weight = {length_m}, {weight_t} * 1000
  p.access_tags_hierarchy = Sequence {{ {access_keys} }}
  p.restrictions = Sequence {{ {kinds} }}
  p.access_tag_whitelist = Set {{ {allowed} }}
  p.access_tag_blacklist = Set {{ {refused}, {serve} }}
  p.restricted_access_tag_list = Set {{ {serve} }}
  p.restricted_highway_whitelist = Set {{ {classes} }}
  p.service_access_tag_blacklist = Set {{}}
  p.highway_turn_classification = {{ {rank} }}
  p.barrier_penalties = {{ gate = 0, lift_gate = 0, swing_gate = 0 }}
  return p
end

local function permitted(p, way)
  for _, key in ipairs({{ {kinds} }}) do
    local value = way:get_value_by_key(key)
    if value then return p.access_tag_whitelist[value] end
  end
  return false
end

local function speed(p, way, result, data)
  local kmh = class_kmh[data.highway]
  if not kmh or p.by_permission[data.highway] and not permitted(p, way) then return false end
  result.forward_speed, result.backward_speed = kmh, kmh
end

local function maxspeed(p, way, result)
  local both = Measure.get_max_speed(way:get_value_by_key('maxspeed'))
  local ahead = Measure.get_max_speed(way:get_value_by_key('maxspeed:forward'))
  local back = Measure.get_max_speed(way:get_value_by_key('maxspeed:backward'))
  limit(result, both, ahead, back)
end

local function service(p, way, result)
  local cap = service_kmh[way:get_value_by_key('service') or '']
  if cap then limit(result, cap, cap, cap) end
end

local function rates(p, way, result)
  if result.forward_restricted then result.forward_speed = result.forward_speed * {serve_factor} end
  if result.backward_restricted then result.backward_speed = result.backward_speed * {serve_factor} end
  result.forward_rate = result.forward_speed / 3.6
  result.backward_rate = result.backward_speed / 3.6
end

function process_way(p, way, result, relations)
  local data = {{
    highway = way:get_value_by_key('highway'),
    bridge = way:get_value_by_key('bridge'),
    route = way:get_value_by_key('route'),
  }}
  if not data.highway or data.highway == '' then return end
  WayHandlers.run(p, way, result, data, Sequence {{
    WayHandlers.default_mode, WayHandlers.blocked_ways, WayHandlers.avoid_ways, WayHandlers.handle_height,
    WayHandlers.handle_width, WayHandlers.handle_length, WayHandlers.handle_weight, WayHandlers.access,
    WayHandlers.oneway, speed, maxspeed, service, WayHandlers.surface, WayHandlers.vehicle_speed_cap, rates,
    WayHandlers.classification, WayHandlers.roundabouts, WayHandlers.startpoint, WayHandlers.driving_side,
    WayHandlers.names, WayHandlers.way_classification_for_turn,
  }}, relations)
end

function process_turn(p, turn)
  local seconds = 0
  for _, obstacle in pairs(obstacle_map:get(turn.from, turn.via)) do
    if obstacle.type == obstacle_type.traffic_signals then seconds = {signals_s} end
  end
  if turn.is_u_turn then
    seconds = {u_turn_s}
  elseif turn.number_of_roads > 2 then
    local angle = math.abs(turn.angle)
    local share = math.max(0, math.min(1, (angle - {straight}) / ({full} - {straight})))
    local near = (turn.angle > 0) ~= turn.is_left_hand_driving  -- here right turns have angles above 0
    if not turn.source_is_roundabout and not turn.target_is_roundabout then
      seconds = seconds + share * (near and {near_turn_s} or {far_turn_s})
    end
    if angle > {sharp} then seconds = seconds + {sharp_turn_s} end
    if seconds < {signals_s} and turn.target_highway_turn_classification > turn.source_highway_turn_classification then
      seconds = seconds + {give_way_s}
    end
  end
  turn.duration, turn.weight = seconds, seconds
  if not turn.source_restricted and turn.target_restricted then turn.weight = constants.max_turn_weight end
end

return {{ setup = setup, process_way = process_way, process_node = car.process_node, process_turn = process_turn }}
"""


def write_profile(folder: Path, profiles: Path, profile: str, *, left_hand: bool) -> Path:
    """Write the profile beside a copy of OSRM's own; returns its path."""
    copytree(profiles, folder, dirs_exist_ok=True)
    path = folder / NAME
    path.write_text(lua(PROFILES[profile], left_hand=left_hand), encoding="utf-8")
    return path


def lua(profile: VehicleProfile, *, left_hand: bool) -> str:
    """Return a profile in Lua."""
    figures = {name: getattr(profile, name) for name in FIGURES}
    return TEMPLATE.format(
        name=profile.id,
        left_hand=str(left_hand).lower(),
        speeds=_table(profile.speed_kmh),
        by_permission=_list(profile.by_permission),
        service=_table(profile.service_kmh),
        surface=_table(profile.surface_kmh),
        smoothness=_table(profile.smoothness_kmh),
        tracktype=_table(profile.tracktype_kmh),
        access_keys=_list(profile.access_keys),
        kinds=_list(key for key in profile.access_keys if key != "access"),
        allowed=_list(sorted(profile.allowed)),
        refused=_list(sorted(REFUSED)),
        serve=_list(sorted(profile.serve)),
        classes=_list(profile.speed_kmh),
        rank=_table({key: rank for key, rank in RANK.items() if key in profile.speed_kmh}),
        straight=STRAIGHT_DEG,
        full=FULL_DEG,
        sharp=SHARP_DEG,
        **figures,
    )


FIGURES = (
    *(
        "width_m",
        "height_m",
        "length_m",
        "weight_t",
        "kmh_cap",
        "serve_factor",
        "near_turn_s",
        "far_turn_s",
        "sharp_turn_s",
    ),
    *("u_turn_s", "signals_s", "give_way_s"),
)


def _list(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _table(values: Mapping[str, float]) -> str:
    return ", ".join(f"['{key}'] = {value:g}" for key, value in values.items())
