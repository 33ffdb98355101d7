// Every key in one place. Keys typed into fields, or while an input method composes, are
// not ours; a held key is let go when the window loses the focus.

const bindings = []; // {scope, key, label, run, enabled}
const held = new Set();
const watchers = new Set();
let stop = () => {};

export const keys = { held, bindings };

/** scope: a tab's name or "any". key: as in KeyboardEvent.key, letters in lower case. */
export function bind(scope, key, label, run, enabled = () => true) {
  bindings.push({ scope, key, label, run, enabled });
}

export const onStop = (action) => (stop = action);

/** Called with the set of held keys whenever it changes. */
export const onHeld = (watcher) => watchers.add(watcher);

/** Which tab is in front: its name as in ``data-tab-id``. */
export const scope = () =>
  document.querySelector('[role="tab"][aria-selected="true"]')?.dataset.tabId ?? "record";

/** Make a button and its key do the same; the key is shown on the button. */
export function bindButton(scopeName, button, run) {
  const key = button.dataset.key;
  const label = button.dataset.label ?? button.textContent.trim();
  button.append(kbd(key));
  button.setAttribute("aria-keyshortcuts", key);
  button.addEventListener("click", (event) => run(event));
  bind(scopeName, key, label, run, () => !button.disabled && button.offsetParent !== null);
}

const NAMES = {
  Enter: "⏎",
  Backspace: "⌫",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Delete: "Del",
};
export const keyName = (key) => NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);

export function kbd(key) {
  const node = document.createElement("kbd");
  node.textContent = keyName(key);
  node.setAttribute("aria-hidden", "true");
  return node;
}

export const typing = (target) =>
  target instanceof Element &&
  Boolean(
    target.closest(
      'input:not([type="checkbox"]):not([type="radio"]):not([type="range"]), textarea, select, [contenteditable="true"]',
    ),
  );

// Where the layout gives no Latin letter, the key's place on the keyboard counts.
function nameOf(event) {
  if (event.key.length !== 1 || /^[!-~]$/.test(event.key)) {
    return event.key.length === 1 ? event.key.toLowerCase() : event.key;
  }
  return /^Key[A-Z]$/.test(event.code) ? event.code[3].toLowerCase() : event.key;
}

function release() {
  if (!held.size) return;
  held.clear();
  for (const watcher of watchers) watcher(held);
}

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

function press(event, name) {
  if (!event.repeat && !held.has(name)) {
    held.add(name);
    for (const watcher of watchers) watcher(held);
  }
  const here = scope();
  const fits = (binding) => binding.key === name && binding.enabled();
  // A button that was reached with the keyboard is pressed with it.
  if (name === "Enter" && event.target.closest?.("button, a, [role=tab], summary")) return;
  const binding =
    bindings.find((each) => each.scope === here && fits(each)) ??
    bindings.find((each) => each.scope === "any" && fits(each));
  if (!binding) return;
  event.preventDefault();
  event.stopPropagation();
  if (!event.repeat || binding.run?.repeats) binding.run?.(event);
}

function up(event) {
  // A button that had the focus would otherwise be pressed by the same Space that stopped.
  if (event.key === " " && !typing(event.target)) event.preventDefault();
  if (held.delete(nameOf(event))) for (const watcher of watchers) watcher(held);
}

window.addEventListener("keydown", down, { capture: true });
window.addEventListener("keyup", up, { capture: true });
window.addEventListener("blur", release);
window.addEventListener("focusin", (event) => typing(event.target) && release());
window.addEventListener("compositionstart", release);
document.addEventListener("visibilitychange", release);
