// Every key in one place. Keys typed into fields, or while an input method composes, are
// not ours; a held key is let go when the window loses the focus.

/**
 * @typedef {object} Binding
 * @property {string} scope a tab's name or "any"
 * @property {string} key as in KeyboardEvent.key, letters in lower case
 * @property {string} label what it does; empty: not listed
 * @property {Action | null} run
 * @property {() => boolean} enabled
 * @property {boolean} repeats whether holding it goes on
 */
/** @typedef {(event?: KeyboardEvent | MouseEvent) => unknown} Action */

/** @type {Binding[]} */
const bindings = [];
/** @type {Set<string>} */
const held = new Set();
/** @type {Set<(held: Set<string>) => void>} */
const watchers = new Set();
/** @type {() => unknown} */
let stop = () => {};

export const keys = { held, bindings };

/**
 * @param {string} scope
 * @param {string} key
 * @param {string} label
 * @param {Action | null} run
 * @param {() => boolean} enabled
 */
export function bind(scope, key, label, run, enabled = () => true, repeats = false) {
  bindings.push({ scope, key, label, run, enabled, repeats });
}

/** @param {() => unknown} action */
export const onStop = (action) => (stop = action);

/** Called with the set of held keys whenever it changes.
 * @param {(held: Set<string>) => void} watcher */
export const onHeld = (watcher) => watchers.add(watcher);

/** Which tab is in front: its name as in ``data-tab-id``. */
export function scope() {
  /** @type {HTMLElement | null} */
  const tab = document.querySelector('[role="tab"][aria-selected="true"]');
  return tab?.dataset.tabId ?? "record";
}

/**
 * Make a button and its key do the same; the key is shown on the button.
 * @param {string} scopeName
 * @param {HTMLButtonElement} button
 * @param {Action} run
 */
export function bindButton(scopeName, button, run, repeats = false) {
  const key = button.dataset.key ?? "";
  const label = button.dataset.label ?? button.textContent.trim();
  button.append(kbd(key));
  button.setAttribute("aria-keyshortcuts", key);
  button.addEventListener("click", (event) => run(event));
  const enabled = () => !button.disabled && button.offsetParent !== null;
  bind(scopeName, key, label, run, enabled, repeats);
}

/** @type {Record<string, string>} */
const NAMES = {
  Enter: "⏎",
  Backspace: "⌫",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Delete: "Del",
};

/** @param {string} key */
export const keyName = (key) => NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);

/** @param {string} key */
export function kbd(key) {
  const node = document.createElement("kbd");
  node.textContent = keyName(key);
  node.setAttribute("aria-hidden", "true");
  return node;
}

const FIELDS =
  'input:not([type="checkbox"]):not([type="radio"]):not([type="range"]), textarea, select, [contenteditable="true"]';

/** @param {EventTarget | null} target */
export const typing = (target) => target instanceof Element && Boolean(target.closest(FIELDS));

/** Where the layout gives no Latin letter, the key's place on the keyboard counts.
 * @param {KeyboardEvent} event */
function nameOf(event) {
  if (event.key.length !== 1 || /^[!-~]$/.test(event.key)) {
    return event.key.length === 1 ? event.key.toLowerCase() : event.key;
  }
  return /^Key[A-Z]$/.test(event.code) ? event.code[3].toLowerCase() : event.key;
}

function tell() {
  for (const watcher of watchers) watcher(held);
}

function release() {
  if (!held.size) return;
  held.clear();
  tell();
}

/** @param {KeyboardEvent} event */
function down(event) {
  if (event.isComposing || event.keyCode === 229) return;
  const inField = typing(event.target);
  if (inField ? event.key === "Escape" : event.key === " ") {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat) stop();
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    return;
  }
  if (inField || event.ctrlKey || event.metaKey || event.altKey) return;
  press(event, nameOf(event));
}

/** @param {KeyboardEvent} event @param {string} name */
function press(event, name) {
  if (!event.repeat && !held.has(name)) {
    held.add(name);
    tell();
  }
  // A button that was reached with the keyboard is pressed with it.
  const { target } = event;
  const reached = target instanceof Element && target.closest("button, a, [role=tab], summary");
  if (name === "Enter" && reached) return;
  const binding = bindingOf(name);
  if (!binding) return;
  event.preventDefault();
  event.stopPropagation();
  if (!event.repeat || binding.repeats) binding.run?.(event);
}

/** @param {string} name */
function bindingOf(name) {
  const here = scope();
  const fits = bindings.filter((each) => each.key === name && each.enabled());
  return fits.find((each) => each.scope === here) ?? fits.find((each) => each.scope === "any");
}

/** @param {KeyboardEvent} event */
function up(event) {
  // A button that had the focus would otherwise be pressed by the same Space that stopped.
  if (event.key === " " && !typing(event.target)) event.preventDefault();
  if (held.delete(nameOf(event))) tell();
}

window.addEventListener("keydown", down, { capture: true });
window.addEventListener("keyup", up, { capture: true });
window.addEventListener("blur", release);
window.addEventListener("focusin", (event) => typing(event.target) && release());
window.addEventListener("compositionstart", release);
document.addEventListener("visibilitychange", release);
