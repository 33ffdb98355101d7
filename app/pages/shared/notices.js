// Short notices in the corner; they never move anything else.

import { make } from "./dom.js";

const SHOWN_MS = 6000;
/** @type {HTMLElement | null} */
let corner = null;

/** @param {string} text @param {"" | "amber" | "bad"} kind */
export function notify(text, kind = "") {
  corner ??= document.body.appendChild(
    make("div", { class: "tl-notices", role: "status", "aria-live": "polite" }),
  );
  const last = corner.lastElementChild;
  if (last?.textContent === text) last.remove();
  const notice = make("div", { class: `tl-notice ${kind}` }, text);
  corner.append(notice);
  while (corner.children.length > 4) corner.firstElementChild?.remove();
  setTimeout(() => notice.remove(), SHOWN_MS);
}

/** @param {unknown} error */
export const complain = (error) =>
  notify(error instanceof Error ? error.message : String(error), "bad");

/**
 * Run a promise-returning function; say what went wrong, and return null where it did.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T | null>}
 */
export async function saying(work) {
  try {
    return await work();
  } catch (error) {
    complain(error);
    return null;
  }
}
