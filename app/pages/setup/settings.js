// The station's settings as they are edited: devices by kind and name, in their order.

/** @import { Device, DeviceKind, Driver, StationDescription, StationSettings } from "../shared/messages" */
/** @typedef {{kind: DeviceKind, name: string}} Place */

export const MOST_CAMERAS = 4;
const NAME = /^[0-9A-Za-z][0-9A-Za-z_-]{0,31}$/;
export const ROBOT = /** @type {Place} */ ({ kind: "robot", name: "robot" });
const GRIPPER = /** @type {Place} */ ({ kind: "gripper", name: "gripper" });

/** There is one robot with one gripper; of others there may be several.
 * @param {DeviceKind} kind @returns {kind is "robot" | "gripper"} */
export const single = (kind) => kind === "robot" || kind === "gripper";

/** @param {DeviceKind} kind */
const group = (kind) => (kind === "camera" ? "cameras" : "inputs");

/** Where the settings have a device, as the server names fields. @param {Place} place */
export const pathOf = ({ kind, name }) => (single(kind) ? kind : `${group(kind)}.${name}`);

/** @param {StationSettings} settings @param {Place} place @returns {Device | undefined} */
export function deviceOf(settings, { kind, name }) {
  return single(kind) ? settings[kind] : settings[group(kind)][name];
}

/** @param {StationDescription["drivers"]} drivers @param {DeviceKind} kind @returns {Driver[]} */
export function driversOf(drivers, kind) {
  if (single(kind)) return kind === "robot" ? drivers.robots : drivers.grippers;
  return drivers[group(kind)];
}

/** @param {StationSettings} settings @returns {Place[]} */
export function places({ cameras, inputs }) {
  /** @type {Place[]} */
  const all = [ROBOT, GRIPPER];
  for (const name of Object.keys(cameras)) all.push({ kind: "camera", name });
  for (const name of Object.keys(inputs)) all.push({ kind: "input", name });
  return all;
}

/** The device that a field is of, as the server names fields.
 * @param {StationSettings} settings @param {string} field */
export const placeOf = (settings, field) =>
  places(settings).find((each) => field.startsWith(`${pathOf(each)}.`));

/** @param {StationSettings} settings @param {Place} place @param {Device} device @returns {StationSettings} */
export function withDevice(settings, { kind, name }, device) {
  if (single(kind)) return { ...settings, [kind]: device };
  return { ...settings, [group(kind)]: { ...settings[group(kind)], [name]: device } };
}

/** @param {StationSettings} settings @param {Place} place @returns {StationSettings} */
export function without(settings, { kind, name }) {
  const { [name]: _, ...rest } = settings[group(kind)];
  return { ...settings, [group(kind)]: rest };
}

/** The order stays. @param {StationSettings} settings @param {Place} place @param {string} name @returns {StationSettings} */
export function renamed(settings, place, name) {
  const devices = Object.entries(settings[group(place.kind)]);
  const changed = devices.map(([old, device]) => [old === place.name ? name : old, device]);
  return { ...settings, [group(place.kind)]: Object.fromEntries(changed) };
}

/** What is wrong with a new name; empty: nothing.
 * @param {StationSettings} settings
 * @param {Place} place
 * @param {string} name */
export function wrongName(settings, place, name) {
  if (!NAME.test(name)) {
    return "A name has 1 to 32 letters, digits, - or _, and starts with a letter or digit.";
  }
  const taken = name !== place.name && name in settings[group(place.kind)];
  return taken ? `There is a device called ${name} already.` : "";
}

/** A name that is free: "camera", "camera-2", …
 * @param {Record<string, Device>} devices
 * @param {DeviceKind} kind */
export function freeName(devices, kind) {
  const names = [kind, ...Array.from({ length: 40 }, (_, i) => `${kind}-${i + 2}`)];
  return names.find((name) => !(name in devices)) ?? kind;
}
