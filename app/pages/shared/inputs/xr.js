// A headset's hand controller, a bare hand that it sees, or a phone: while the grip is held, the
// fingers pinch, or the screen is touched, the robot's hand goes and turns as it does. Whoever
// connects it looks at the robot.

import { STILL, twistOf } from "./shaping.js";
import { tracking } from "./tracking.js";

/** @import { Listener, Triple, TeleopInput, XrSettings } from "./input" */

const SPAN_MS = 60; // over which a speed is measured: hands tremble, and frames come unevenly
const SILENCE_MS = 150;
const NONE = "No headset is connected. Look at the robot, press Try, then Connect.";
const NO_WEBXR =
  "This browser has no WebXR. Open the page in the browser of a headset or of an Android phone.";
const INSECURE = "A headset or a phone needs this page over HTTPS.";
const REFUSED = "The headset does not begin: ";
/** As WebXR counts them. */
const PLACES = { trigger: 0, grip: 1, stick: 3, a: 4, b: 5 };
const DOES = /** @type {const} */ ({
  trigger: "trigger",
  stick: "stick_button",
  a: "a_button",
  b: "b_button",
});

/** Where it was. @typedef {{at: number, position: Triple, turn: Quaternion}} Place */
/** @typedef {[x: number, y: number, z: number, w: number]} Quaternion */

/** @implements {TeleopInput} */
export class XrInput {
  /** @param {XrSettings} settings @param {Listener} listener */
  constructor(settings, listener) {
    this.settings = settings;
    this.listener = listener;
    this.refused = "";
    this.buttons = pressed(undefined);
    /** While it is held, the newest last. @type {Place[]} */
    this.places = [];
    this.heardAt = 0;
    this.known = false;
    /** @type {(time: number, frame: XRFrame) => void} */
    this.hear = (time, frame) => this.look(time, frame);
  }

  get speeds() {
    return /** @type {[number, number]} */ ([this.settings.speed_m_s, this.settings.turn_rad_s]);
  }

  get problem() {
    if (!navigator.xr) return isSecureContext ? NO_WEBXR : INSECURE;
    return tracking.session ? "" : this.refused || NONE;
  }

  get askable() {
    return Boolean(navigator.xr);
  }

  /** Who wears a headset has no other window in front. */
  get worn() {
    return tracking.session !== null;
  }

  open() {
    tracking.listeners.add(this.hear);
  }

  close() {
    tracking.listeners.delete(this.hear);
  }

  async connect() {
    try {
      await tracking.begin();
      this.refused = "";
    } catch (error) {
      this.refused = `${REFUSED}${error instanceof Error ? error.message : error}`;
    }
  }

  /** @param {number} time @param {XRFrame} frame */
  look(time, frame) {
    const { space } = tracking;
    const controller = tracking.controller(this.settings.hand);
    if (!space) return;
    const base = controller?.gripSpace;
    const pose = base ? frame.getPose(base, space) : frame.getViewerPose(space);
    this.heardAt = performance.now();
    this.press(pressed(controller?.gamepad));
    const grip = controller?.gamepad?.buttons[PLACES.grip]; // neither a phone nor a bare hand has one
    const held = grip ? grip.pressed : tracking.selected;
    if (held && pose && !pose.emulatedPosition) this.follow(time, pose);
    else this.places = [];
    this.known = true;
    this.listener.changed();
  }

  /** @param {number} at @param {XRPose} pose */
  follow(at, { transform: { position, orientation } }) {
    const { x, y, z, w } = orientation;
    const turn = /** @type {Quaternion} */ ([x, y, z, w]);
    this.places.push({ at, position: [position.x, position.y, position.z], turn });
    while (this.places.length > 2 && this.places[1].at <= at - SPAN_MS) this.places.shift();
  }

  /** @param {Record<string, boolean>} now */
  press(now) {
    const before = this.known ? this.buttons : now; // what was down at first was not pressed
    this.buttons = now;
    for (const [name, setting] of Object.entries(DOES)) {
      if (now[name] && !before[name]) this.listener.pressed(this.settings[setting]);
    }
  }

  twist() {
    if (!tracking.session || !this.known) return null;
    const first = this.places[0];
    const last = this.places.at(-1);
    const silent = performance.now() - this.heardAt > SILENCE_MS;
    if (silent || !first || !last || first === last) return STILL;
    const { scale } = this.settings;
    const [fast, turning] = this.speeds;
    const seconds = (last.at - first.at) / 1000;
    const way = last.position.map((now, axis) => now - first.position[axis]);
    const share = way.map((along) => (along * scale) / seconds / fast);
    const turned = turn(first.turn, last.turn).map((about) => about / seconds / turning);
    return twistOf({ translation: seen(share), rotation: seen(turned) }, this.settings);
  }
}

/** WebXR's y is up, its z towards whoever looks. @param {number[]} vector @returns {Triple} */
const seen = ([x, y, z]) => [x, z, -y];

/** @param {Gamepad | undefined} gamepad @returns {Record<string, boolean>} */
function pressed(gamepad) {
  const down = Object.entries(PLACES).map(([name, place]) => [
    name,
    Boolean(gamepad?.buttons[place]?.pressed),
  ]);
  return Object.fromEntries(down);
}

/** Angle times axis, in rad. @param {Quaternion} from @param {Quaternion} to */
function turn([a, b, c, d], [x, y, z, w]) {
  const part = [
    d * x - w * a - y * c + z * b,
    d * y - w * b - z * a + x * c,
    d * z - w * c - x * b + y * a,
  ];
  const real = w * d + x * a + y * b + z * c;
  const sine = Math.hypot(...part);
  const angle = 2 * Math.atan2(sine, Math.abs(real)) * (real < 0 ? -1 : 1);
  return part.map((each) => (sine > 0 ? (each / sine) * angle : 0));
}
