// From how a device is held to a twist in the robot's base frame; as the station does of its own.

/** @import { TeleopSettings, Pushed, Triple, Twist } from "./input" */

const STRAIGHT = ["forward", "sideways", "up"];
const TURNS = ["roll", "pitch", "yaw"];
/** Who stands in front of the robot sees its x axis come towards them, and y go to the right. */
const QUARTERS = { front: 0, left: 1, back: 2, right: 3 };

/** @type {Twist} */
export const STILL = [0, 0, 0, 0, 0, 0];

/** @param {Pushed} pushed @param {TeleopSettings} settings @returns {Twist} */
export function twistOf({ translation, rotation }, settings) {
  return [...asked(translation, STRAIGHT, settings), ...asked(rotation, TURNS, settings)];
}

/** −1 … 1 for a push of −1 … 1: nothing within the deadband, and no step at its end.
 * @param {number} share @param {number} deadband @param {number} curve */
function shaped(share, deadband, curve) {
  const beyond = Math.max(0, Math.min(Math.abs(share), 1) - deadband) / (1 - deadband);
  return Math.sign(share) * beyond ** curve || 0; // no negative zero
}

/** At most 1 long. @param {Triple} pushed @param {string[]} names @param {TeleopSettings} settings
 * @returns {Triple} */
function asked([right, back, down], names, settings) {
  const [x, y, z] = [back, right, -down].map((share, axis) => one(names[axis], share, settings));
  const long = Math.max(1, Math.hypot(x, y, z));
  return turned([x / long, y / long, z / long], QUARTERS[settings.side]);
}

/** @param {string} name @param {number} share @param {TeleopSettings} settings */
function one(name, share, { locked, reversed, deadband, curve }) {
  if (locked.includes(name)) return 0;
  return shaped(reversed.includes(name) ? -share : share, deadband, curve);
}

/** About the vertical, exactly. @param {Triple} seen @param {number} quarters @returns {Triple} */
function turned([x, y, z], quarters) {
  return quarters === 0 ? [x, y, z] : turned([0 - y, x, z], quarters - 1);
}
