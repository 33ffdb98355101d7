// Building and finding elements. User text only ever enters as text, never as markup.

/** make("button", {class: "primary", onclick: f, dataset: {key: "R"}}, "Record") */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export const find = (root, selector) => root.querySelector(selector);

/** Set text only where it differs, so that nothing is laid out again for nothing. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function toggleClass(node, name, on) {
  if (node.classList.contains(name) !== Boolean(on)) node.classList.toggle(name, Boolean(on));
}

export function toggleHidden(node, hidden) {
  if (node.hidden !== Boolean(hidden)) node.hidden = Boolean(hidden);
}

export function setDisabled(node, disabled) {
  if (node.disabled !== Boolean(disabled)) node.disabled = Boolean(disabled);
}

/** Replace the children only where ``signature`` changed since the last time. */
export function refill(node, signature, build) {
  if (node.dataset.signature === signature) return;
  node.dataset.signature = signature;
  node.replaceChildren(...build());
}

/** A canvas drawn at the screen's own resolution; returns its 2d context in CSS pixels. */
export function crisp(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
  return context;
}

/** A colour of the style sheet, for drawing on a canvas. */
export const colour = (name) =>
  getComputedStyle(document.body).getPropertyValue(`--tl-${name}`).trim();
