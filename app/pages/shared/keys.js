// Every key in one place; what each does, bar/key_list.js tells. Keys typed into fields, or while an input method composes, are
// not ours.

import { leaveField, spacing, typing } from "./fields.js";
import { lift, press, release } from "./held.js";

/**
 * @typedef {object} Binding
 * @property {string} scope a tab's name or "any"
 * @property {string} key as in KeyboardEvent.key, letters in lower case
 * @property {Action | null} run
 * @property {() => boolean} enabled
 * @property {boolean} repeats whether holding it goes on
 * @property {string} place as in KeyboardEvent.code, where that counts and not the letter there
 */
/** @typedef {(event?: KeyboardEvent | MouseEvent) => unknown} Action */

/** @type {Binding[]} */
export const bindings = [];
/** What Space does while anything moves, or may begin to. */
const brake = { stop: /** @type {() => unknown} */ (() => {}), armed: () => false };
/** Whether the Space that is down stopped something. */
let braked = false;
/** Keys that are others on these pages, by their place. @type {Map<string, string>} */
const standIns = new Map();
const STAND_IN = ["record", "rollout"];
/** Who is to hear the next key, instead of all others. @type {((event: KeyboardEvent) => void) | null} */
let next = null;

/**
 * @param {string} scope
 * @param {string} key
 * @param {Action | null} run
 * @param {() => boolean} enabled
 */
export function bind(scope, key, run, enabled = () => true, repeats = false) {
  bindings.push({ scope, key, run, enabled, repeats, place: "" });
}

/** Name a place on the keyboard, whatever the layout has there; what it does, ``held`` knows.
 * @param {string} scope
 * @param {string} place as in KeyboardEvent.code
 * @param {string} key
 * @param {() => boolean} enabled */
export function bindPlace(scope, place, key, enabled) {
  bindings.push({ scope, key, run: null, enabled, repeats: false, place });
}

/** On Record and Roll out, keys at these places are those. @param {Map<string, string>} keys */
export function standIn(keys) {
  standIns.clear();
  for (const [place, key] of keys) standIns.set(place, key);
}

/** The next key is heard by nobody else; null: by all, as ever.
 * @param {((event: KeyboardEvent) => void) | null} hear */
export const hearNext = (hear) => (next = hear);

/** Press a key, as something else than the keyboard does. @param {string} key */
export function pressKey(key) {
  for (const type of ["keydown", "keyup"]) {
    const event = new KeyboardEvent(type, { key, code: key, bubbles: true, cancelable: true });
    document.body.dispatchEvent(event);
  }
}

/** @param {() => unknown} stop @param {() => boolean} armed */
export const onStop = (stop, armed) => Object.assign(brake, { stop, armed });

/** Which tab is in front: its name as in ``data-tab-id``, or as its page says that has other keys
 * meanwhile; "dialog" where one lies over it. */
export function scope() {
  if (document.querySelector("dialog[open]")) return "dialog";
  /** @type {HTMLElement | null} */
  const tab = document.querySelector('[role="tab"][aria-selected="true"]');
  const name = tab?.dataset.tabId ?? "record";
  /** @type {HTMLElement | null} */
  const page = document.querySelector(`.tl-${name}[data-scope]`);
  return page?.dataset.scope ?? name;
}

/**
 * Make a button and its key do the same; the key is shown on the button.
 * @param {string} scopeName
 * @param {HTMLButtonElement} button
 * @param {Action} run
 */
export function bindButton(scopeName, button, run, repeats = false) {
  const key = button.dataset.key ?? "";
  button.append(kbd(key));
  button.setAttribute("aria-keyshortcuts", key);
  button.addEventListener("click", (event) => run(event));
  const enabled = () => !button.disabled && button.offsetParent !== null;
  bind(scopeName, key, run, enabled, repeats);
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
  Escape: "Esc",
  " ": "Space",
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

/** What a key is called here: as the key that it stands for, by its place where that counts, else
 * by its letter; which is no other place's. @param {KeyboardEvent} event */
function nameOf(event) {
  const { code } = event;
  const here = scope();
  const stands = STAND_IN.includes(here) && standIns.get(code);
  if (stands) return stands;
  const placed = bindings.filter((each) => each.place && each.scope === here && each.enabled());
  const own = placed.find(({ place }) => place === code);
  if (own) return own.key;
  const name = letterOf(event);
  return code.length > 1 && placed.some(({ key }) => key === name) ? code : name;
}

/** Where the layout gives no Latin letter, the key's place on the keyboard counts.
 * @param {KeyboardEvent} event */
function letterOf(event) {
  if (event.key.length !== 1 || /^[!-~]$/.test(event.key)) {
    return event.key.length === 1 ? event.key.toLowerCase() : event.key;
  }
  return /^Key[A-Z]$/.test(event.code) ? event.code[3].toLowerCase() : event.key;
}

const APPLE = /Mac|iPhone|iPad/.test(navigator.platform);
const SIGN = /^[^\p{L}\p{N}\s]$/u;

/** Whether the key is a command to the browser. On many keyboards a sign such as [ is typed with
 * AltGr, which Windows reports as Control and Alt; Apple's have it on the Option key.
 * @param {KeyboardEvent} event */
function commands(event) {
  const sign = SIGN.test(event.key);
  if (sign && event.getModifierState("AltGraph")) return event.metaKey;
  return event.ctrlKey || event.metaKey || (event.altKey && !(APPLE && sign));
}

/** @param {KeyboardEvent} event */
function down(event) {
  if (event.isComposing || event.keyCode === 229) return;
  if (stops(event) || taken(event)) return;
  if (!typing(event.target) && !commands(event)) pressed(event, nameOf(event));
}

/** Whether somebody waited for it. @param {KeyboardEvent} event */
function taken(event) {
  if (!next) return false;
  event.preventDefault();
  event.stopImmediatePropagation();
  next(event);
  return true;
}

/** Where Space is text, Escape stops. What a field makes of Escape, it does all the same.
 * @param {KeyboardEvent} event */
function stops(event) {
  const inText = spacing(event.target);
  if (event.key !== (inText ? "Escape" : " ") || !brake.armed()) return false;
  event.preventDefault();
  release();
  if (!event.repeat) brake.stop();
  if (inText) return true;
  braked = true;
  event.stopImmediatePropagation();
  leaveField();
  return true;
}

/** @param {KeyboardEvent} event @param {string} name */
function pressed(event, name) {
  press(event, name);
  // A button that was reached with the keyboard is pressed with it.
  const { target } = event;
  const reached = target instanceof Element && target.closest("button, a, summary");
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
  const own = fits.find((each) => each.scope === here);
  return here === "dialog" ? own : (own ?? fits.find((each) => each.scope === "any"));
}

/** @param {KeyboardEvent} event */
function up(event) {
  // A button that had the focus would otherwise be pressed by the same Space that stopped.
  if (event.key === " " && braked) event.preventDefault();
  braked = false;
  lift(event);
}

window.addEventListener("keydown", down, { capture: true });
window.addEventListener("keyup", up, { capture: true });
window.addEventListener("focusin", (event) => typing(event.target) && release());
