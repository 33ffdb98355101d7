// How a take ended, which has three states: it succeeded, it failed, or nobody said.

import { find } from "./dom.js";

/** Press the button of what was said. @param {HTMLElement} element @param {boolean | null} success */
export function showEnding(element, success) {
  find(element, ".ending .success").setAttribute("aria-pressed", String(success === true));
  find(element, ".ending .failed").setAttribute("aria-pressed", String(success === false));
}

/** ✓, ✗ or ?. @param {boolean | null} success */
export const verdict = (success) => (success === null ? "?" : success ? "✓" : "✗");

/** The same in words. @param {boolean | null} success */
export const ending = (success) =>
  success === null ? "nobody said how it ended" : success ? "succeeded" : "failed";
