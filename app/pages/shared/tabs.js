// Gradio owns the tabs; this opens one, and says which one was opened.

export const tabs = ["record", "label", "finetune", "rollout", "data"];

export function openTab(name, wish = {}) {
  Object.assign(wishes, { [name]: wish });
  document.querySelector(`#tl-tabs [role="tab"][data-tab-id="${name}"]`)?.click();
  for (const listener of listeners.get(name) ?? []) listener(wish);
}

/** What a page was asked to show when it was opened, such as {take: id}. */
export const wishes = {};

const listeners = new Map();

/** Run ``opened`` whenever the tab comes to the front. */
export function onOpen(name, element, opened) {
  if (!listeners.has(name)) listeners.set(name, new Set());
  listeners.get(name).add(opened);
  let shown = false;
  new IntersectionObserver((entries) => {
    const now = entries.at(-1).isIntersecting;
    if (now && !shown) opened({});
    shown = now;
  }).observe(element);
}
