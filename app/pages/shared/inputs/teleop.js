// What inputs of this computer ask for, on its way to the station.

import { connection } from "../connection.js";
import { find, setText, toggleClass, toggleHidden } from "../dom.js";
import { onHeld, onLapse, onRelease, release } from "../held.js";
import { bind, bindPlace, pressKey, scope } from "../keys.js";
import { notify } from "../notices.js";
import { station } from "../station.js";
import { MOVES } from "./keyboard.js";
import { onLayout, printedAt } from "./layout.js";
import { OpenInputs, PAGES } from "./open_inputs.js";

const SEND_MS = 33;
const GRIP_TIMES = 10; // the gripper's wish is repeated: a single message may be overtaken
const MOVING = ["practising", "recording"];
/** What buttons do as keys of the page do. @type {Record<string, string>} */
export const KEY_OF = {
  record: "r",
  keep: "Enter",
  discard: "Backspace",
  success: "t",
  failed: "f",
};
/** @type {Record<string, () => number>} */
const GRIPS = {
  close: () => 0,
  open: () => 1,
  toggle: () => ((station.state?.robot?.gripper_target ?? gripper) > 0.5 ? 0 : 1),
};

let gripper = 1;
let gripLeft = 0;
let timer = 0;
let moved = false;
let might = false;
let drove = false; // when all that was held was let go
const inputs = new OpenInputs({ changed, pressed });

const may = () => PAGES.includes(scope()) && station.driving && MOVING.includes(station.phase);

const grips = () => Boolean(station.state?.embodiment.gripper);

for (const page of PAGES) {
  for (const [key, [, , place]] of Object.entries(MOVES)) bindPlace(page, place, key, may);
  bind(
    page,
    "g",
    () => grip("toggle"),
    () => may() && grips(),
  );
}

/** @param {string} does */
function grip(does) {
  gripper = GRIPS[does]();
  gripLeft = GRIP_TIMES;
  start();
}

/** A button of an input. @param {string} does */
function pressed(does) {
  if (!inputs.meant) return;
  if (does in KEY_OF) pressKey(KEY_OF[does]);
  else if (does in GRIPS && may() && grips()) grip(does);
}

/** An input asks for something else. */
function changed() {
  const { linear, angular } = inputs.velocities;
  if ([...linear, ...angular].some(Boolean)) start();
  else if (timer) send();
}

function asked() {
  const { linear, angular, frame } = inputs.velocities;
  const fields = { linear, angular, frame, gripper: gripLeft > 0 ? gripper : null };
  return may() ? fields : { linear: [0, 0, 0], angular: [0, 0, 0], gripper: null };
}

function send() {
  if (!may()) gripLeft = 0;
  const fields = asked();
  const moves = [...fields.linear, ...fields.angular].some(Boolean) || fields.gripper !== null;
  if (moves || moved) connection.send("twist", fields);
  if (!moves && !moved) stop();
  moved = moves;
  gripLeft -= 1;
}

function start() {
  if (!may()) return;
  if (!timer) timer = setInterval(send, SEND_MS);
  else if (moved) return; // it goes out with the next turn
  send(); // at once: a busy window's next turn may be far
}

function stop() {
  clearInterval(timer);
  timer = 0;
}

onLapse(() => drove && notify("Nothing more was heard of the held keys. Press again.", "amber"));
onRelease(() => {
  drove = timer !== 0;
  inputs.release();
  if (timer) send();
});
addEventListener("blur", () => inputs.leave(true)); // of the window, not of a field
for (const name of ["focus", "pointerdown"]) {
  addEventListener(name, () => inputs.leave(false), true);
}

/** What was held before it drives moves nothing then, and what drove is let go. */
station.listeners.add(() => {
  if (might !== may()) release();
  might = may();
  inputs.follow();
});

/** Why the input that is chosen cannot be used; "" where it can. @param {string} name */
export const problemOf = (name) =>
  station.state?.inputs.find((each) => each.name === name)?.problem || inputs.problemOf(name);

/** Light up the keys that are held in an overlay; returns what shows whether they drive.
 * @param {HTMLElement} element */
export function showHeld(element) {
  /** @type {NodeListOf<HTMLElement>} */
  const caps = element.querySelectorAll("[data-held]");
  onHeld((held) => {
    for (const cap of caps) toggleClass(cap, "held", held.has(cap.dataset.held ?? ""));
  });
  onLayout(() => {
    for (const cap of caps) {
      const { held = "" } = cap.dataset;
      if (held.length === 1 && held in MOVES) setText(cap, printedAt(held));
    }
  });
  const gripping = find(element, ".of-gripper-key");
  return () => {
    toggleHidden(gripping, !grips());
    toggleClass(element, "off", !station.driving || station.phase === "review");
    toggleClass(element, "resting", !may());
  };
}
