// Where this window was: the take, the tick and the object, for after a reload.

const PLACE = "teachloop-label";

/** @typedef {{take?: string, tick?: number, object?: string | null}} Recalled */

/** @returns {Recalled} */
export function recalled() {
  try {
    return JSON.parse(sessionStorage.getItem(PLACE) ?? "{}");
  } catch {
    return {};
  }
}

/** @param {Recalled} place */
export const recall = (place) => sessionStorage.setItem(PLACE, JSON.stringify(place));
