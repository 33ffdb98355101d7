// What the keyboard's layout prints where the driving keys lie, where the browser tells.

import { MOVES } from "./keyboard.js";

/** Place -> what is printed there. @type {Map<string, string>} */
const printed = new Map();
/** @type {Set<() => void>} */
const watchers = new Set();

/** A driving key as its user knows it: Z for W, where the layout is French.
 * @param {string} key */
export const printedAt = (key) => printed.get(MOVES[key]?.[2] ?? "") ?? key.toUpperCase();

/** Called now, and once the layout is known. @param {() => void} watcher */
export function onLayout(watcher) {
  watchers.add(watcher);
  watcher();
}

async function ask() {
  const layout = await navigator.keyboard?.getLayoutMap().catch(() => null);
  if (!layout) return;
  for (const [, , place] of Object.values(MOVES)) {
    const letter = layout.get(place);
    if (letter) printed.set(place, letter.toUpperCase());
  }
  for (const watcher of watchers) watcher();
}

void ask();
