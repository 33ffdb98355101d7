// Fields, and how they give the keys back to the page.

const FIELDS =
  'input:not([type="checkbox"]):not([type="radio"]):not([type="range"]), textarea, select, [contenteditable="true"]';
const NO_TEXT = 'select, input:is([type="number"], [type="color"], [type="date"], [type="file"])';
const SCRUBBED_MS = 100;

/** @param {EventTarget | null} target @param {string} selector */
const within = (target, selector) => target instanceof Element && Boolean(target.closest(selector));

/** Whether letters typed there are the field's. @param {EventTarget | null} target */
export const typing = (target) => within(target, FIELDS);

/** Whether a space typed there is text. @param {EventTarget | null} target */
export const spacing = (target) => typing(target) && !within(target, NO_TEXT);

export function leaveField() {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

/** Escape leaves a field, Enter a line or a list that is typed through. What a field does about
 * them by itself comes first. @param {KeyboardEvent} event */
function typed(event) {
  if (event.isComposing || event.keyCode === 229 || !typing(event.target)) return;
  const line = within(event.target, "input, select") && !within(event.target, "form");
  if (event.key === "Escape" || (event.key === "Enter" && line)) leaveField();
}

let scrubbedAt = -Infinity; // when a list was last moved through with the keyboard

/** Who chose from a list is done with it, unless the arrows are on their way through it.
 * @param {Event} event */
function chosen(event) {
  const { target, timeStamp } = event;
  if (within(target, "select") && timeStamp - scrubbedAt > SCRUBBED_MS) leaveField();
}

/** A clicked button keeps no focus: the next Enter is meant for the page. @param {MouseEvent} event */
function clicked(event) {
  if (event.detail > 0 && event.target instanceof Element) event.target.closest("button")?.blur();
}

addEventListener("keydown", typed);
addEventListener("keydown", (event) => within(event.target, "select") && note(event), true);
addEventListener("change", chosen);
addEventListener("click", clicked);

/** @param {KeyboardEvent} event */
function note(event) {
  if (event.key !== "Enter") scrubbedAt = event.timeStamp;
}
