// Unmodified JavaScript clients in Node: node clients.mjs ADDRESS PLACES, in a folder that has them installed.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const [address, given] = process.argv.slice(2);
const places = JSON.parse(given);
const line = places.map((place) => place.join(",")).join(";");

const compiler = require("osrm-text-instructions")("v5");
const answer = await (await fetch(`${address}/osrm/route/v1/driving/${line}?steps=true&overview=false`)).json();
assert.equal(answer.code, "Ok");
const { legs } = answer.routes[0];
const said = legs.flatMap((leg, legIndex) =>
  leg.steps.map((step) => compiler.compile("en", step, { legIndex, legCount: legs.length })),
);
assert.ok(said.length >= 2 * legs.length);
assert.ok(said.every((text) => typeof text === "string" && text.length > 3));
console.log(`       osrm-text-instructions: ${said.length} instructions: ${said[0]}; ${said[1]}`);

const { default: Openrouteservice } = await import(require.resolve("openrouteservice-js"));
const matrix = await new Openrouteservice.Matrix({ host: `${address}/ors` }).calculate({
  locations: places, profile: "driving-car", metrics: ["duration", "distance"],
});
assert.equal(matrix.durations.length, places.length);
const way = await new Openrouteservice.Directions({ host: `${address}/ors` }).calculate({
  coordinates: places.slice(0, 2), profile: "driving-car", format: "geojson",
});
const summary = way.features[0].properties.summary;
assert.ok(Math.abs(summary.duration - matrix.durations[0][1]) < 1);
await assert.rejects(
  new Openrouteservice.Directions({ host: `${address}/ors` }).calculate({
    coordinates: [places[0], [0, 0]], profile: "driving-car", format: "json",
  }),
);
console.log(`       openrouteservice-js: way of ${summary.distance} m`);

const planned = await new Openrouteservice.Optimization({ host: `${address}/ors` }).optimize({
  jobs: places.slice(1).map((location, id) => ({ id, location, service: 60, amount: [1] })),
  vehicles: [{ id: 1, profile: "driving-car", start: places[0], end: places[0], capacity: [9] }],
});
assert.equal(planned.code, 0);
assert.equal(planned.routes[0].steps.length, places.length + 1);
console.log(`       openrouteservice-js optimization: ${planned.routes[0].duration} s`);
