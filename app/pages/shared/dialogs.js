// Dialogs. They lie below the bar: Stop stays in reach, also of the mouse.

import { make } from "./dom.js";
import { bind } from "./keys.js";

const BEHIND = "#tl-tabs, .tl-tools > :not(.tl-stop)";
/** @type {HTMLDialogElement | null} */
let shown = null;

bind("dialog", "Escape", () => shown?.close());

/**
 * Show something until it is closed; what lies behind it, Stop apart, rests meanwhile.
 * @param {string} label
 * @param {...(Node | null)} children
 */
export function openDialog(label, ...children) {
  shown?.close();
  const before = document.activeElement;
  const attributes = { class: "tl-dialog", "aria-label": label, "aria-modal": "true" };
  const dialog = make("dialog", { ...attributes, tabindex: -1 }, ...children);
  const dim = make("div", { class: "tl-dim", onclick: () => dialog.close() });
  dialog.addEventListener("close", () => {
    dim.remove();
    dialog.remove();
    if (shown === dialog) rest(false);
    if (shown === dialog) shown = null;
    if (before instanceof HTMLElement) before.focus();
  });
  document.body.append(dim, dialog);
  shown = dialog;
  rest(true);
  dialog.show();
  if (!dialog.querySelector("[autofocus]")) dialog.focus();
  dialog.scrollTop = 0; // it is read from its beginning
  return dialog;
}

/** @param {boolean} on */
function rest(on) {
  for (const node of document.querySelectorAll(BEHIND)) node.toggleAttribute("inert", on);
}

/**
 * Ask before something that others notice. Who only presses Enter says no.
 * @param {string} question
 * @param {string} text
 * @param {string} yes what to do, as on a button
 * @param {string} no
 * @returns {Promise<boolean>}
 */
export function confirmed(question, text, yes, no) {
  /** @param {string} value */
  const answer = (value) => () => dialog.close(value);
  const dialog = openDialog(
    question,
    make("h2", {}, question),
    make("p", { class: "text" }, text),
    make(
      "div",
      { class: "closing" },
      make("button", { onclick: answer(""), autofocus: true }, no),
      make("button", { class: "primary", onclick: answer("yes") }, yes),
    ),
  );
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"));
  });
}
