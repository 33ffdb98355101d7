// Gradio owns the tabs; this opens one, and says which one was opened.

export const tabs = ["record", "label", "finetune", "rollout", "data", "setup"];

/** @typedef {{take?: string | null, adapter?: string, model?: string}} Wish */

/** @param {string} name @param {Wish} wish */
export function openTab(name, wish = {}) {
  wishes[name] = wish;
  /** @type {HTMLElement | null} */
  const tab = document.querySelector(`#tl-tabs [role="tab"][data-tab-id="${name}"]`);
  tab?.click();
  for (const listener of listeners.get(name) ?? []) listener();
}

/** What a page was asked to show when it was opened, such as {take: id}.
 * @type {Record<string, Wish>} */
const wishes = {};

/** The wish, which is granted once. @param {string} name @returns {Wish} */
export function takeWish(name) {
  const wish = wishes[name] ?? {};
  delete wishes[name];
  return wish;
}

/** @type {Map<string, Set<() => void>>} */
const listeners = new Map();

/**
 * Run ``opened`` whenever the tab comes to the front, and ``left`` whenever another one does.
 * @param {string} name
 * @param {Element} element
 * @param {() => unknown} opened
 * @param {() => unknown} left
 */
export function onOpen(name, element, opened, left = () => {}) {
  listeners.set(name, (listeners.get(name) ?? new Set()).add(opened));
  let shown = false;
  new IntersectionObserver((entries) => {
    const now = entries.at(-1)?.isIntersecting ?? false;
    if (now && !shown) opened();
    if (!now && shown) left();
    shown = now;
  }).observe(element);
}
