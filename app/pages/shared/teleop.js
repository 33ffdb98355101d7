// Held keys become velocities, as seen in the front picture: W is away from the viewer.

import { connection } from "./connection.js";
import { toggleClass } from "./dom.js";
import { bind, keys, onHeld, scope } from "./keys.js";
import { station } from "./station.js";

const SPEED_M_S = 0.2,
  TURN_RAD_S = 1.0,
  SLOW = 0.3;
const SEND_MS = 33;
const GRIP_TIMES = 10; // the gripper's wish is repeated: a single message may be overtaken

// Base frame: x points from the robot to the front camera, y to the right in its picture.
const MOVES = {
  w: ["linear", 0, -1],
  s: ["linear", 0, 1],
  a: ["linear", 1, -1],
  d: ["linear", 1, 1],
  q: ["linear", 2, 1],
  e: ["linear", 2, -1],
  ArrowLeft: ["angular", 2, 1],
  ArrowRight: ["angular", 2, -1],
  ArrowUp: ["angular", 1, -1],
  ArrowDown: ["angular", 1, 1],
};
const PAGES = ["record", "rollout"];
const MOVING = ["practising", "recording"];

let gripper = 1,
  gripLeft = 0,
  timer = null,
  moved = false;

const may = () => PAGES.includes(scope()) && station.driving && MOVING.includes(station.phase);

for (const page of PAGES) {
  for (const key of Object.keys(MOVES)) bind(page, key, "", null, may);
  bind(
    page,
    "g",
    "",
    () => {
      gripper = wanted() > 0.5 ? 0 : 1;
      gripLeft = GRIP_TIMES;
      start();
    },
    may,
  );
}

const wanted = () => station.state?.robot?.gripper_target ?? gripper;

function twist() {
  const fields = { linear: [0, 0, 0], angular: [0, 0, 0], gripper: null };
  const scale = keys.held.has("Shift") ? SLOW : 1;
  for (const [key, [kind, axis, sign]] of Object.entries(MOVES)) {
    if (keys.held.has(key))
      fields[kind][axis] += sign * scale * (kind === "linear" ? SPEED_M_S : TURN_RAD_S);
  }
  if (gripLeft > 0) fields.gripper = gripper;
  return fields;
}

function send() {
  if (!may()) gripLeft = 0;
  const fields = may() ? twist() : { linear: [0, 0, 0], angular: [0, 0, 0], gripper: null };
  const moves = [...fields.linear, ...fields.angular].some(Boolean) || fields.gripper !== null;
  if (moves || moved) connection.send("twist", fields);
  if (!moves && !moved) stop();
  moved = moves;
  gripLeft -= 1;
}

function start() {
  if (!may()) return;
  timer ??= setInterval(send, SEND_MS);
  send(); // at once: a busy window's next turn may be far
}

function stop() {
  clearInterval(timer);
  timer = null;
}

onHeld((held) => {
  if (Object.keys(MOVES).some((key) => held.has(key))) start();
  else if (timer !== null) send();
});

/** Light up the keys that are held in an overlay. */
export function showHeld(element) {
  const caps = [...element.querySelectorAll("[data-held]")];
  onHeld((held) => {
    for (const cap of caps) toggleClass(cap, "held", held.has(cap.dataset.held));
  });
  return () => {
    toggleClass(element, "off", !station.driving || station.phase === "review");
    toggleClass(element, "resting", !may());
  };
}
