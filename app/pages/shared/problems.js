// What is wrong with a field, said beside it. A field is an element with data-field, its name.

import { make } from "./dom.js";

/** Say what is wrong with a field, or with none; returns whether the field is there.
 * @param {ParentNode} form
 * @param {string} name
 * @param {string} text */
export function showProblem(form, name, text) {
  for (const each of form.querySelectorAll("[data-field]")) {
    const wrong = each instanceof HTMLElement && each.dataset.field === name && text !== "";
    say(each, wrong ? text : "");
  }
  return Boolean(text) && form.querySelector(`[data-field="${CSS.escape(name)}"]`) !== null;
}

/** @param {Element} field @param {string} text */
function say(field, text) {
  const control = field.querySelector("input, select");
  control?.setAttribute("aria-invalid", String(text !== ""));
  if (text && !field.querySelector(".problem")) addProblem(field, control);
  field.querySelector(".problem")?.replaceChildren(text);
  if (!text) return;
  const closed = field.closest("details");
  if (closed) closed.open = true;
  if (control instanceof HTMLElement) control.focus();
}

/** @param {Element} field @param {Element | null} control */
function addProblem(field, control) {
  const id = `${control?.id}-problem`;
  field.append(make("p", { class: "problem", id, role: "alert" }));
  control?.setAttribute("aria-describedby", id);
}
