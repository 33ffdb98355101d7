// What every action is held to, whoever drives: a box, speeds, angles.

import { make } from "../shared/dom.js";
import { choiceControl, field, numberControl } from "./fields.js";

/** @import { ArmLimits, Limits } from "../shared/messages" */
/** @typedef {(limits: Limits) => void} Changed */

const AXES = ["x", "y", "z"];
/** @type {Record<Limits["arm"], string>} */
const ARMS = { panda: "Panda (FER)", fr3: "FR3" };
const METRES = { type: "number" };
const POSITIVE = { type: "number", exclusiveMinimum: 0 };
/** @type {["speed_m_s" | "rotation_speed_rad_s" | "tilt_rad" | "joint_margin_rad" | "joint_share" | "press_m", string, string][]} */
const NUMBERS = [
  ["speed_m_s", "Speed, m/s", ""],
  ["rotation_speed_rad_s", "Turning, rad/s", ""],
  ["tilt_rad", "Tilt, rad", "From straight down"],
  ["joint_margin_rad", "Joint margin, rad", "To each joint's own end"],
  ["joint_share", "Joint share", "Of Franka's speeds and accelerations, 0 to 1"],
  ["press_m", "Pressing, m", "How far something may push the hand off its way"],
];

/** @param {Limits} limits @param {Record<Limits["arm"], ArmLimits>} arms @param {Changed} change
 * @returns {Node[]} */
export function limitsForm(limits, arms, change) {
  const rows = AXES.flatMap((_, axis) => boxRow(limits, axis, change));
  const heads = ["Workspace, m", "from", "to"].map((text) => make("span", {}, text));
  const numbers = NUMBERS.map(([name, title, about]) => {
    const control = numberControl(limits[name], POSITIVE, (value) =>
      change({ ...limits, [name]: value }),
    );
    return field(`limits.${name}`, title, control, about);
  });
  return [
    make("h3", {}, "Limits of every action"),
    make("div", { class: "box", dataset: { field: "limits" } }, ...heads, ...rows),
    make("div", { class: "numbers" }, armField(limits, change), ...numbers),
    published(ARMS[limits.arm], arms[limits.arm]),
  ];
}

/** @param {Limits} limits @param {Changed} change */
function armField(limits, change) {
  const choices = Object.entries(ARMS).map(([value, text]) => ({ value, text }));
  const control = choiceControl(limits.arm, choices, (value) =>
    change({ ...limits, arm: /** @type {Limits["arm"]} */ (value) }),
  );
  return field("limits.arm", "Arm", control, "Whose published limits hold for the joints");
}

/** What Franka publishes of the arm, joint by joint.
 * @param {string} name @param {ArmLimits} arm */
function published(name, { lower_rad, upper_rad, speed_rad_s, slower_at_ends }) {
  const rows = speed_rad_s.map((speed, joint) =>
    [
      `${joint + 1}`,
      lower_rad[joint].toFixed(2),
      upper_rad[joint].toFixed(2),
      speed.toFixed(2),
    ].map((text) => make("span", {}, text)),
  );
  const heads = ["Joint", "from, rad", "to, rad", "rad/s"].map((text) => make("b", {}, text));
  const slower = slower_at_ends ? " It goes slower towards the ends of its joints." : "";
  return make(
    "details",
    { class: "published" },
    make("summary", {}, `Joints of the ${name}, as Franka publishes them`),
    make("div", { class: "joints" }, ...heads, ...rows.flat()),
    make("p", { class: "about" }, `The margin and the share are kept inside these.${slower}`),
  );
}

/** @param {Limits} limits @param {number} axis @param {Changed} change */
function boxRow(limits, axis, change) {
  /** @param {"workspace_low_m" | "workspace_high_m"} name @param {string} end */
  const cell = (name, end) => {
    const control = numberControl(limits[name][axis], METRES, (value) =>
      change({ ...limits, [name]: limits[name].map((old, i) => (i === axis ? value : old)) }),
    );
    control.id = `setup-limits-${name}-${axis}`;
    control.setAttribute("aria-label", `${AXES[axis]} ${end}, m`);
    return make("div", { dataset: { field: `limits.${name}[${axis}]` } }, control);
  };
  const low = cell("workspace_low_m", "from");
  return [make("span", {}, AXES[axis]), low, cell("workspace_high_m", "to")];
}
