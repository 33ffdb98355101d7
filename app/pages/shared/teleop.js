// Held keys become velocities, as seen from in front of the robot: W is away from the viewer.

import { connection } from "./connection.js";
import { find, toggleClass, toggleHidden } from "./dom.js";
import { held, onHeld, onLapse, release } from "./held.js";
import { bind, scope } from "./keys.js";
import { notify } from "./notices.js";
import { station } from "./station.js";

const SPEED_M_S = 0.2;
const TURN_RAD_S = 1.0;
const SLOW = 0.3;
const SEND_MS = 33;
const GRIP_TIMES = 10; // the gripper's wish is repeated: a single message may be overtaken

/** Base frame: x points from the robot to who looks at it, y to the right in that view.
 * @type {Record<string, [kind: "linear" | "angular", axis: number, sign: number]>} */
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
const PAGES = ["record", "rollout", "calibrate"];
const MOVING = ["practising", "recording"];

let gripper = 1;
let gripLeft = 0;
let timer = 0;
let moved = false;
let might = false;

const may = () => PAGES.includes(scope()) && station.driving && MOVING.includes(station.phase);

const grips = () => Boolean(station.state?.embodiment.gripper);

for (const page of PAGES) {
  for (const key of Object.keys(MOVES)) bind(page, key, null, may);
  bind(page, "g", grip, () => may() && grips());
}

function grip() {
  gripper = (station.state?.robot?.gripper_target ?? gripper) > 0.5 ? 0 : 1;
  gripLeft = GRIP_TIMES;
  start();
}

/** @returns {{linear: number[], angular: number[], gripper: number | null}} */
const still = () => ({ linear: [0, 0, 0], angular: [0, 0, 0], gripper: null });

function twist() {
  const fields = still();
  const scale = held.has("Shift") ? SLOW : 1;
  for (const [key, [kind, axis, sign]] of Object.entries(MOVES)) {
    const speed = kind === "linear" ? SPEED_M_S : TURN_RAD_S;
    if (held.has(key)) fields[kind][axis] += sign * scale * speed;
  }
  if (gripLeft > 0) fields.gripper = gripper;
  return fields;
}

function send() {
  if (!may()) gripLeft = 0;
  const fields = may() ? twist() : still();
  const moves = [...fields.linear, ...fields.angular].some(Boolean) || fields.gripper !== null;
  if (moves || moved) connection.send("twist", fields);
  if (!moves && !moved) stop();
  moved = moves;
  gripLeft -= 1;
}

function start() {
  if (!may()) return;
  timer ||= setInterval(send, SEND_MS);
  send(); // at once: a busy window's next turn may be far
}

function stop() {
  clearInterval(timer);
  timer = 0;
}

onHeld(() => {
  if (Object.keys(MOVES).some((key) => held.has(key))) start();
  else if (timer) send();
});
onLapse(() => timer && notify("Nothing more was heard of the held keys. Press again.", "amber"));

/** What was held before keys drive moves nothing then, and what drove is let go. */
station.listeners.add(() => {
  if (might !== may()) release();
  might = may();
});

/** Light up the keys that are held in an overlay; returns what shows whether they drive.
 * @param {HTMLElement} element */
export function showHeld(element) {
  /** @type {NodeListOf<HTMLElement>} */
  const caps = element.querySelectorAll("[data-held]");
  onHeld((held) => {
    for (const cap of caps) toggleClass(cap, "held", held.has(cap.dataset.held ?? ""));
  });
  const gripping = find(element, ".of-gripper-key");
  return () => {
    toggleHidden(gripping, !grips());
    toggleClass(element, "off", !station.driving || station.phase === "review");
    toggleClass(element, "resting", !may());
  };
}
