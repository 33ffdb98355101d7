// Short notices in the corner; they never move anything else.

import { make } from "./dom.js";

const SHOWN_MS = 6000;
let shelf = null;

/** kind: "" or "amber" or "bad" */
export function notify(text, kind = "") {
  shelf ??= document.body.appendChild(
    make("div", { class: "tl-notices", role: "status", "aria-live": "polite" }),
  );
  const last = shelf.lastElementChild;
  if (last?.dataset.text === text) last.remove();
  const notice = make("div", { class: `tl-notice ${kind}`, dataset: { text } }, text);
  shelf.append(notice);
  while (shelf.children.length > 4) shelf.firstElementChild.remove();
  setTimeout(() => notice.remove(), SHOWN_MS);
}

export const complain = (error) => notify(error.message, "bad");

/** Run a promise-returning function; say what went wrong. */
export async function saying(work) {
  try {
    return await work();
  } catch (error) {
    complain(error);
    return null;
  }
}
