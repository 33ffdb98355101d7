// The line below the pictures: what is measured, and whether it is well.

import { make, refill } from "./dom.js";

// value -> light; limits of DESIGN: a tick may be 5 ms late, a frame 100 ms old
const light = (value, amber, red) => (value >= red ? "red" : value >= amber ? "amber" : "green");

export function healthItems(state) {
  const { health } = state;
  const wanted = state.rate_hz ?? 20;
  const age = Math.max(0, ...Object.values(health.frame_age_ms ?? {}));
  const inTake = Object.values(health.drops ?? {}).reduce((sum, each) => sum + each, 0);
  const drops = state.take ? inTake : health.recent_drops;
  const items = [
    [
      "",
      `${health.rate_hz.toFixed(1)} Hz`,
      light(wanted - health.rate_hz, 0.3, 2),
      "Rate of the loop",
    ],
    [
      "late",
      `${health.late}`,
      light(health.late, 1, 10),
      "Ticks more than 5 ms late in the last 10 s",
    ],
    [
      "p99",
      `${health.p99_lateness_ms.toFixed(1)} ms`,
      light(health.p99_lateness_ms, 5, 25),
      "99 % of ticks began within",
    ],
    ["age", `${age.toFixed(0)} ms`, light(age, 100, 300), "Age of the oldest newest picture"],
    [
      "skew",
      `${health.skew_ms.toFixed(0)} ms`,
      light(health.skew_ms, 50, 200),
      "Time between the cameras' pictures",
    ],
    [
      "drops",
      `${drops}`,
      light(drops, 1, 20),
      state.take ? "Pictures that this take lost" : "Pictures lost in the last 10 s",
    ],
  ];
  if (health.disk_free_gb != null) items.push(disk(health.disk_free_gb));
  return items;
}

function disk(free) {
  const tone = free < 1 ? "red" : free < 5 ? "amber" : "green";
  return ["disk", `${free.toFixed(0)} GB`, tone, "Free space for takes"];
}

const EVERY_MS = 250; // numbers that change faster cannot be read

export function showHealth(element, state) {
  const now = performance.now();
  if (state && now - (element.teachloopShownAt ?? -EVERY_MS) < EVERY_MS) return;
  element.teachloopShownAt = state ? now : -EVERY_MS;
  const items = state ? healthItems(state) : [];
  const clipped = state?.robot?.clipped ?? [];
  if (clipped.length)
    items.push(["limit", clipped.join(", "), "amber", "The limits changed what was asked"]);
  refill(element, JSON.stringify(items), () =>
    items.map(([name, value, tone, title]) =>
      make(
        "span",
        { class: tone, title },
        make("i", { class: `light ${tone}` }),
        name,
        make("b", {}, value),
      ),
    ),
  );
}
