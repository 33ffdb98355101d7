// How a take ended: it succeeded, it failed, it failed but did a part of its task, or nobody said.

import { button, find, setText } from "./dom.js";

/** @typedef {{success: boolean | null, partly: boolean}} Ending */

/** @type {Ending} */
const UNSAID = { success: null, partly: false };

/** Press the button of what was said. @param {HTMLElement} element @param {Ending} said */
export function showEnding(element, { success, partly } = UNSAID) {
  const failed = button(element, ".ending .failed");
  find(element, ".ending .success").setAttribute("aria-pressed", String(success === true));
  failed.setAttribute("aria-pressed", String(success === false));
  setText(failed.firstChild, partly ? "Partly" : "Failed");
}

/** What is said by the button of success, or of failure, after this: failed, said twice, is partly
 * done; anything else that is said again nobody said. @param {boolean} success @param {Ending} said
 * @returns {Ending} */
export function nextEnding(success, said = UNSAID) {
  if (said.success !== success) return { success, partly: false };
  return success || said.partly ? UNSAID : { success: false, partly: true };
}

/** ✓, ✗, ◐ or ?. @param {Ending} said */
export const verdict = ({ success, partly }) =>
  success === null ? "?" : success ? "✓" : partly ? "◐" : "✗";

/** The same in words. @param {Ending} said */
export function ending({ success, partly }) {
  if (success === null) return "nobody said how it ended";
  return success ? "succeeded" : partly ? "partly done" : "failed";
}
