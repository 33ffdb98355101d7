// Where points of the robot's base frame are in a camera's picture.

/** @import { Calibration } from "./messages" */
/** @typedef {[x: number, y: number, z: number]} Point in metres */

/** What is nearer to a camera, or behind it, is not drawn. */
export const NEAR_M = 0.02;

/** A point of the base frame as the camera has it: right, down, ahead.
 * @param {Calibration} camera @param {Point} point @returns {Point} */
export function seen({ pose }, point) {
  const away = point.map((value, axis) => value - pose[axis][3]);
  /** @param {number} column */
  const along = (column) => away.reduce((sum, value, row) => sum + value * pose[row][column], 0);
  return [along(0), along(1), along(2)];
}

/** @param {Calibration} camera @param {Point} point @returns {[number, number]} in pixels */
export function projected({ intrinsics: [u, v] }, [x, y, z]) {
  return [(u[0] * x + u[1] * y) / z + u[2], (v[0] * x + v[1] * y) / z + v[2]];
}
