// Try an input before it drives: what it asks for, as bars. Nothing of it is sent to the robot.

import { openDialog } from "../dialogs.js";
import { find, make, setText, toggleClass, toggleHidden } from "../dom.js";
import { bindPlace } from "../keys.js";
import { saying } from "../notices.js";
import { agentName, station } from "../station.js";
import { isHere, makeInput } from "./inputs.js";
import { MOVES, SPEEDS } from "./keyboard.js";
import { STILL } from "./shaping.js";

/** @import { InputStatus } from "../messages" */
/** @import { Listener, TeleopInput, Twist } from "./input" */

const TITLE = "Try an input";
const AXES = ["Forward", "Sideways", "Up", "Roll", "Pitch", "Yaw"];
const SILENT_MS = 4000;
const ABOUT = {
  base: "As the robot sees it: forward is away from its base. Nothing is sent to the robot.",
  camera:
    "As the first camera's picture shows it: forward is towards that camera. Nothing is sent to the robot.",
  hand: "Of a hand that points down, unturned: forward is away from the robot's base, and turns with the hand. Nothing is sent to the robot.",
};
const MOVE_IT = "Move it, and press its buttons.";
const SEEN = "Motion is seen.";
const NO_MOTION =
  "No motion was seen. Look at its cable, its battery, and whether it is the device that is meant.";
/** What there is to try has no device of its own. */
const NOTHING = ["script"];

let trying = false;
for (const [key, [, , place]] of Object.entries(MOVES)) {
  bindPlace("dialog", place, key, () => trying);
}

/** Whether an input can be tried. @param {string} name */
export const canTry = (name) => {
  const card = cardOf(name);
  return card !== undefined && !NOTHING.includes(card.driver);
};

/** @param {string} name */
const cardOf = (name) => station.state?.inputs.find((each) => each.name === name);

/** @param {string} name of an input of the station */
export function tryInput(name) {
  const card = cardOf(name);
  if (!card) return;
  const panel = new Panel(card);
  const input = inputOf(card, panel);
  const dialog = openDialog(TITLE, make("h2", {}, `Try: ${agentName(name)}`), panel.element);
  panel.closing.append(make("button", { onclick: () => dialog.close() }, "Close"));
  trying = true;
  input.open();
  dialog.addEventListener("close", () => {
    trying = false;
    input.close();
  });
  const draw = () => {
    if (!dialog.isConnected) return;
    panel.show(input);
    requestAnimationFrame(draw);
  };
  draw();
}

/** @param {InputStatus} card @param {Listener} listener @returns {TeleopInput} */
function inputOf(card, listener) {
  return isHere(card) && !card.problem ? makeInput(card, listener) : new StationInput(card);
}

/** One at the station, as the station says of it. @implements {TeleopInput} */
class StationInput {
  /** @param {InputStatus} card */
  constructor({ name, settings, problem }) {
    this.name = name;
    this.problem = problem;
    const { speed_m_s = SPEEDS[0], turn_rad_s = SPEEDS[1] } = settings;
    this.speeds = /** @type {[number, number]} */ ([speed_m_s, turn_rad_s]);
  }

  get buttons() {
    return { gripper: (cardOf(this.name)?.gripper ?? null) !== null };
  }

  open() {}

  close() {}

  twist() {
    const asks = cardOf(this.name)?.asks ?? STILL;
    const shares = asks.map((asked, axis) => asked / this.speeds[axis < 3 ? 0 : 1]);
    return /** @type {Twist} */ (shares);
  }
}

/** In which an input's directions are meant. @param {Record<string, unknown>} settings
 * @returns {keyof typeof ABOUT} */
const frameOf = ({ frame }) => (frame === "hand" || frame === "camera" ? frame : "base");

class Panel {
  /** @param {InputStatus} card */
  constructor({ driver, settings }) {
    this.since = performance.now();
    this.moved = false;
    this.driver = driver;
    this.bars = AXES.map(bar);
    this.closing = make("div", { class: "closing" });
    this.element = make(
      "div",
      { class: "trying" },
      make("p", { class: "about" }, ABOUT[frameOf(settings)]),
      make("div", { class: "axes" }, ...this.bars),
      make("p", { class: "buttons" }),
      make("p", { class: "said", role: "status" }),
      this.closing,
    );
  }

  changed() {}

  pressed() {
    this.moved = true;
  }

  /** @param {TeleopInput} input */
  show(input) {
    const twist = input.twist() ?? STILL;
    const down = Object.values(input.buttons).includes(true);
    if (twist.some(Boolean) || down) this.moved = true;
    for (const [axis, share] of twist.entries()) showShare(this.bars[axis], share);
    this.showButtons(input.buttons);
    this.showConnect(input);
    setText(find(this.element, ".said"), input.problem || this.words);
  }

  get words() {
    if (this.moved) return SEEN;
    return performance.now() - this.since > SILENT_MS ? NO_MOTION : MOVE_IT;
  }

  /** @param {Record<string, boolean>} buttons */
  showButtons(buttons) {
    const row = find(this.element, ".buttons");
    for (const [name, down] of Object.entries(buttons)) {
      const known = row.querySelector(`[data-button="${name}"]`);
      const dataset = { button: name };
      const cap = known ?? row.appendChild(make("kbd", { dataset }, name));
      toggleClass(cap, "held", down);
    }
  }

  /** Where the browser has to be asked for the device. @param {TeleopInput} input */
  showConnect(input) {
    if (!input.connect) return;
    const connect = () => saying(async () => input.connect?.());
    const known = this.closing.querySelector(".connect");
    if (!known) this.closing.prepend(connectButton(connect));
    toggleHidden(find(this.closing, ".connect"), !input.problem || !input.askable);
  }
}

/** @param {() => unknown} onclick */
const connectButton = (onclick) => make("button", { class: "connect primary", onclick }, "Connect");

/** @param {string} name */
function bar(name) {
  const meter = { role: "meter", "aria-valuemin": -1, "aria-valuemax": 1, "aria-label": name };
  const row = make("div", { class: "axis", dataset: { axis: name } });
  row.append(make("span", {}, name), make("div", meter, make("i")), make("output"));
  return row;
}

/** @param {HTMLElement} row @param {number} share */
function showShare(row, share) {
  const meter = find(row, "[role=meter]");
  meter.setAttribute("aria-valuenow", share.toFixed(2));
  const fill = find(meter, "i");
  fill.style.left = `${50 + 50 * Math.min(0, share)}%`;
  fill.style.width = `${50 * Math.abs(share)}%`;
  setText(find(row, "output"), share.toFixed(2));
}
