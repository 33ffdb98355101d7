// Whether a camera still stands where it was calibrated, as the pictures of a take show it.

import { api } from "../shared/api.js";

/** @import { CameraStanding } from "../shared/messages" */

/** Which cameras were moved before a take, in words; "" of none. @param {string} id */
export async function movedCameras(id) {
  /** @type {CameraStanding[]} */
  const found = await api.get(`/api/takes/${id}/cameras`);
  return found
    .filter(({ moved }) => moved)
    .map(({ words }) => words)
    .join(" ");
}
