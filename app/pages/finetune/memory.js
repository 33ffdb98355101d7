// What was chosen on this page outlives a reload.

import { make } from "../shared/dom.js";

const KEY = "teachloop-finetune";
const FIELDS =
  ".filters :is(select, input), .setup :is(select, input):not(.which-cameras *, .another *)";

/** @typedef {HTMLSelectElement | HTMLInputElement} Field */
/**
 * @typedef {object} Chosen
 * @property {Record<string, string | boolean>} fields by name
 * @property {[id: string, on: boolean][]} takes that somebody put in or took out
 * @property {[name: string, on: boolean][]} cameras
 */

/** @param {HTMLElement} element @returns {NodeListOf<Field>} */
const fieldsOf = (element) => element.querySelectorAll(FIELDS);

/** @param {Field} field */
const nameOf = (field) => field.id || field.name || field.className;

/** @returns {Chosen} */
function said() {
  const nothing = { fields: {}, takes: [], cameras: [] };
  try {
    return { ...nothing, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return nothing;
  }
}

/** Put everything back as it was. @param {HTMLElement} element */
export function recall(element) {
  const { fields, takes, cameras } = said();
  for (const field of fieldsOf(element)) {
    const value = fields[nameOf(field)];
    if (value !== undefined) put(field, value);
  }
  return { takes: new Map(takes), cameras: new Map(cameras) };
}

/** @param {Field} field @param {string | boolean} value */
function put(field, value) {
  if (field.type === "radio") Object.assign(field, { checked: field.value === value });
  else if (field.type === "checkbox") Object.assign(field, { checked: value === true });
  else if (field instanceof HTMLSelectElement) choose(field, String(value));
  else field.value = String(value);
}

/** Also what the list will only have once the server has answered.
 * @param {HTMLSelectElement} list @param {string} value */
function choose(list, value) {
  list.value = value;
  if (list.value !== value) list.append(make("option", { value, selected: true }, value));
}

/**
 * @param {HTMLElement} element
 * @param {Map<string, boolean>} takes
 * @param {Map<string, boolean>} cameras
 */
export function keep(element, takes, cameras) {
  /** @type {Record<string, string | boolean>} */
  const fields = {};
  for (const field of fieldsOf(element)) {
    const left = field.type === "radio" && field instanceof HTMLInputElement && !field.checked;
    if (!left) fields[nameOf(field)] = field.type === "checkbox" ? ticked(field) : field.value;
  }
  const chosen = { fields, takes: [...takes], cameras: [...cameras] };
  localStorage.setItem(KEY, JSON.stringify(chosen));
}

/** @param {Field} field */
const ticked = (field) => field instanceof HTMLInputElement && field.checked;
