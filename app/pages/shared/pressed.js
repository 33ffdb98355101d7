// Nothing is built anew under a press: what is let go must be what was pressed, or no click comes.

const CLICK_MS = 50; // from letting go until its click came, by touch, too

/** @type {Node | null} */
let pressed = null;
/** What waits, by what it changes. @type {Map<HTMLElement, () => void>} */
const waiting = new Map();

/** Change the children of ``node`` now, or once nothing of it is pressed; the last change counts.
 * @param {HTMLElement} node @param {() => void} change */
export function unpressed(node, change) {
  waiting.delete(node);
  if (pressed && node.contains(pressed)) waiting.set(node, change);
  else change();
}

/** @param {PointerEvent} event */
function press({ target }) {
  pressed = target instanceof Element ? target : null;
}

function release() {
  const was = pressed;
  setTimeout(() => {
    if (pressed === was) pressed = null;
    for (const [node, change] of waiting) unpressed(node, change);
  }, CLICK_MS);
}

addEventListener("pointerdown", press, true);
for (const name of ["pointerup", "pointercancel"]) addEventListener(name, release, true);
addEventListener("blur", release); // of the window
addEventListener("click", () => (pressed = null), true);
