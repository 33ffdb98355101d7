// What is mounted at the robot's flange: where the tool's centre point is, and what it weighs.

import { make } from "../shared/dom.js";
import { checkControl, field, numberControl } from "./fields.js";

/** @import { Device, Payload, Tool } from "../shared/messages" */
/** @typedef {(device: Device) => void} Changed */

const AXES = ["x", "y", "z"];
const METRES = { type: "number", minimum: -1, maximum: 1 };
const SHARE = { type: "number", minimum: -1, maximum: 1 };
const KG = { type: "number", minimum: 0, maximum: 3 };
const KG_M2 = { type: "number" };
/** @type {Tool} at the flange */
const FLANGE = {
  position_m: [0, 0, 0],
  rotation: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
};
/** @type {Payload} */
const NOTHING = {
  mass_kg: 0,
  centre_m: [0, 0, 0],
  inertia_kg_m2: [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ],
};

/** ``usual``: where the centre point is where nobody sets another; none of a gripper of one's own.
 * @param {Device} robot @param {Tool | undefined} usual @param {Changed} change @returns {Node[]} */
export function toolForm(robot, usual, change) {
  return [
    make("h3", {}, "Tool and payload"),
    ...toolFields(robot, usual, change),
    ...payloadFields(robot, change),
  ];
}

/** @param {Device} robot @param {Tool | undefined} usual @param {Changed} change */
function toolFields(robot, usual, change) {
  const { tool } = robot;
  const set = checkControl(Boolean(tool), (on) =>
    change({ ...robot, tool: on ? structuredClone(usual ?? FLANGE) : null }),
  );
  const place = usual?.position_m[2]
    ? "between the fingertips of the Franka Hand"
    : "at the flange";
  const about = usual ? `Else it is ${place}` : "This gripper needs it: where its fingertips are";
  const fields = [field("robot.tool", "Set the tool's centre point", set, about)];
  if (!tool) return fields;
  /** @param {Partial<Tool>} changed */
  const put = (changed) => change({ ...robot, tool: { ...tool, ...changed } });
  return [
    ...fields,
    grid("robot.tool.position_m", "From the flange, m", [tool.position_m], METRES, ([row]) =>
      put({ position_m: row }),
    ),
    grid("robot.tool.rotation", "Rotation, row by row", tool.rotation, SHARE, (rotation) =>
      put({ rotation }),
    ),
  ];
}

/** @param {Device} robot @param {Changed} change */
function payloadFields(robot, change) {
  const { payload } = robot;
  const set = checkControl(Boolean(payload), (on) =>
    change({ ...robot, payload: on ? structuredClone(NOTHING) : null }),
  );
  const about = "What it carries beside the end effector of Desk; else what the robot says";
  const fields = [field("robot.payload", "Set the payload", set, about)];
  if (!payload) return fields;
  /** @param {Partial<Payload>} changed */
  const put = (changed) => change({ ...robot, payload: { ...payload, ...changed } });
  const mass = numberControl(payload.mass_kg, KG, (mass_kg) => put({ mass_kg }));
  const { centre_m, inertia_kg_m2: inertia } = payload;
  return [
    ...fields,
    field("robot.payload.mass_kg", "Mass, kg", mass),
    grid(
      "robot.payload.centre_m",
      "Centre of mass from the flange, m",
      [centre_m],
      METRES,
      ([row]) => put({ centre_m: row }),
    ),
    grid("robot.payload.inertia_kg_m2", "Inertia, kg m², row by row", inertia, KG_M2, (rows) =>
      put({ inertia_kg_m2: rows }),
    ),
  ];
}

/** Rows of three numbers under one title.
 * @param {string} path @param {string} title @param {number[][]} rows
 * @param {import("../shared/messages").Schema} limits @param {(rows: number[][]) => void} change */
function grid(path, title, rows, limits, change) {
  const cells = rows.flatMap((row, at) =>
    row.map((value, axis) => {
      const control = numberControl(value, limits, (given) => change(put(rows, at, axis, given)));
      const place = rows.length > 1 ? `${at + 1}, ${AXES[axis]}` : AXES[axis];
      control.setAttribute("aria-label", `${title}: ${place}`);
      const name = rows.length > 1 ? `${path}[${at}][${axis}]` : `${path}[${axis}]`;
      control.id = `setup-${name.replaceAll(/[.[\]]+/g, "-")}`;
      return make("div", { dataset: { field: name } }, control);
    }),
  );
  const head = make("p", { class: "head" }, title);
  return make("div", { class: "grid wide", dataset: { field: path } }, head, ...cells);
}

/** @param {number[][]} rows @param {number} at @param {number} axis @param {number} value */
const put = (rows, at, axis, value) =>
  rows.map((row, y) => row.map((old, x) => (y === at && x === axis ? value : old)));
