// Short notices in the corner; they never move anything else. What can be taken back offers it.

import { make } from "./dom.js";
import { bind, kbd } from "./keys.js";

const SHOWN_MS = 6000;
const UNDONE_MS = 15_000; // as long as it can be taken back here
const UNDO = "z";
/** @type {HTMLElement | null} */
let corner = null;

/**
 * What is shown, which may be added to.
 * @param {string} text
 * @param {"" | "amber" | "bad"} kind
 * @param {(() => unknown) | null} undo takes back what is told
 */
export function notify(text, kind = "", undo = null) {
  corner ??= document.body.appendChild(
    make("div", { class: "tl-notices", role: "status", "aria-live": "polite" }),
  );
  const last = corner.lastElementChild;
  if (last?.firstChild?.textContent === text) last.remove();
  const notice = make("div", { class: `tl-notice ${kind}` }, text);
  if (undo) notice.append(undoButton(notice, undo));
  corner.append(notice);
  while (corner.children.length > 4) corner.firstElementChild?.remove();
  setTimeout(() => notice.remove(), undo ? UNDONE_MS : SHOWN_MS);
  return notice;
}

/** @param {Element} notice @param {() => unknown} undo */
function undoButton(notice, undo) {
  const onclick = () => {
    notice.remove();
    undo();
  };
  const button = make("button", { class: "undo", onclick }, "Undo ", kbd(UNDO));
  button.setAttribute("aria-keyshortcuts", UNDO);
  return button;
}

/** The newest offer. @returns {HTMLElement | null} */
const offered = () => [...(corner?.querySelectorAll("button") ?? [])].at(-1) ?? null;

bind(
  "any",
  UNDO,
  () => offered()?.click(),
  () => offered() !== null,
);

/** @param {unknown} error */
export function complain(error) {
  notify(error instanceof Error ? error.message : String(error), "bad");
}

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
