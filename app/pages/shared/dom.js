// Building and finding elements. User text only ever enters as text, never as markup.

import { unpressed } from "./pressed.js";

/** @typedef {string | number | boolean | null | undefined | ((event: any) => unknown) | Record<string, string>} Attribute */
/** @typedef {Node | string | null | undefined} Child */

/**
 * make("button", {class: "primary", onclick: f, dataset: {key: "R"}}, "Record")
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, Attribute>} attributes
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (typeof value === "object") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/**
 * The element that must be there; of a given kind, where more than HTMLElement is asked.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {{new (): T}} [kind]
 * @returns {T}
 */
export function find(root, selector, kind) {
  const node = root.querySelector(selector);
  if (node instanceof (kind ?? HTMLElement)) return /** @type {T} */ (node);
  throw new Error(`The page has no ${(kind ?? HTMLElement).name} ${selector}.`);
}

/** @param {ParentNode} root @param {string} selector */
export const button = (root, selector) => find(root, selector, HTMLButtonElement);
/** @param {ParentNode} root @param {string} selector */
export const input = (root, selector) => find(root, selector, HTMLInputElement);
/** @param {ParentNode} root @param {string} selector */
export const select = (root, selector) => find(root, selector, HTMLSelectElement);
/** @param {ParentNode} root @param {string} selector */
export const canvas = (root, selector) => find(root, selector, HTMLCanvasElement);

/**
 * Set text only where it differs, so that nothing is laid out again for nothing.
 * @param {Node | null} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node && node.textContent !== text) node.textContent = text;
}

/** @param {Element} node @param {string} name @param {unknown} on */
export function toggleClass(node, name, on) {
  if (node.classList.contains(name) !== Boolean(on)) node.classList.toggle(name, Boolean(on));
}

/** @param {HTMLElement} node @param {unknown} hidden */
export function toggleHidden(node, hidden) {
  if (node.hidden !== Boolean(hidden)) node.hidden = Boolean(hidden);
}

/**
 * @param {{disabled: boolean}} node a button or a field
 * @param {unknown} disabled
 */
export function setDisabled(node, disabled) {
  if (node.disabled !== Boolean(disabled)) node.disabled = Boolean(disabled);
}

/** Buttons and fields below an element.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {NodeListOf<HTMLButtonElement | HTMLInputElement>} */
export const controls = (root, selector) => root.querySelectorAll(selector);

const CONTROLS = "a[href], button, input, select, textarea, [tabindex]";

/**
 * Replace the children only where ``signature`` changed since the last time, and not while one of
 * them is pressed. Who was at one of their controls is at the same one afterwards, where it is
 * still there.
 * @param {HTMLElement} node
 * @param {string} signature
 * @param {() => Node[]} build
 */
export function refill(node, signature, build) {
  unpressed(node, () => {
    if (node.dataset.signature === signature) return;
    node.dataset.signature = signature;
    const back = wayBack(node);
    node.replaceChildren(...build());
    back();
  });
}

/** Finds what has the focus again, once the children were replaced. @param {HTMLElement} node */
function wayBack(node) {
  const at = document.activeElement;
  const entry = [...node.children].find((child) => child.contains(at));
  if (!at || !entry) return () => {};
  const place = placeOf(entry);
  const number = controlsOf(entry).indexOf(at);
  return () => {
    const same = [...node.children].find((child) => placeOf(child) === place);
    const control = same && controlsOf(same)[number];
    if (control instanceof HTMLElement) control.focus({ preventScroll: true });
  };
}

/** What an entry is about, or else its place. @param {Element} entry */
function placeOf(entry) {
  const about = entry instanceof HTMLElement ? Object.values({ ...entry.dataset }).join(" ") : "";
  return about || `${[...(entry.parentElement?.children ?? [])].indexOf(entry)}`;
}

/** @param {Element} entry */
const controlsOf = (entry) => [entry, ...entry.querySelectorAll(CONTROLS)];

/**
 * Fill a list to choose from; what was chosen stays chosen where it is still there.
 * @param {HTMLSelectElement} list
 * @param {{value: string, text: string, title?: string}[]} choices
 */
export function setChoices(list, choices) {
  const { value } = list;
  refill(list, JSON.stringify(choices), () =>
    choices.map(({ text, ...attributes }) => make("option", attributes, text)),
  );
  if (choices.some((each) => each.value === value)) list.value = value;
}

/** @param {HTMLCanvasElement} sheet @param {CanvasRenderingContext2DSettings} [settings] */
export function context2d(sheet, settings) {
  const context = sheet.getContext("2d", settings);
  if (!context) throw new Error("This browser cannot draw on a canvas.");
  return context;
}

/**
 * A canvas drawn at the screen's own resolution; returns its 2d context in CSS pixels.
 * @param {HTMLCanvasElement} sheet
 */
export function crisp(sheet) {
  const ratio = window.devicePixelRatio || 1;
  const width = Math.round(sheet.clientWidth * ratio);
  const height = Math.round(sheet.clientHeight * ratio);
  if (sheet.width !== width || sheet.height !== height) {
    sheet.width = width;
    sheet.height = height;
  }
  const context = context2d(sheet);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, sheet.clientWidth, sheet.clientHeight);
  return context;
}

/**
 * Draw a picture on a canvas, which takes its size.
 * @param {HTMLCanvasElement} sheet
 * @param {ImageBitmap} picture
 */
export function drawPicture(sheet, picture) {
  if (sheet.width !== picture.width) sheet.width = picture.width;
  if (sheet.height !== picture.height) sheet.height = picture.height;
  context2d(sheet).drawImage(picture, 0, 0);
}

/** A colour of the style sheet, for drawing on a canvas.
 * @param {string} name */
export const colour = (name) =>
  getComputedStyle(document.body).getPropertyValue(`--tl-${name}`).trim();
