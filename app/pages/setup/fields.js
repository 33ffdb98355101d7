// Fields of a form: each with its name, what it means, and what is wrong with it beside it.

import { make } from "../shared/dom.js";

/** @import { Json, Schema } from "../shared/messages" */
/** Of several boxes, a group. @typedef {HTMLInputElement | HTMLSelectElement | HTMLDivElement} Control */
/** @typedef {(value: Json) => void} Changed */

/**
 * @param {string} path where the settings have it, as in "cameras.front.width"
 * @param {string} name
 * @param {Control} control
 * @param {string} about
 */
export function field(path, name, control, about = "") {
  const id = `setup-${path.replaceAll(".", "-")}`;
  control.id = id;
  const hint = about ? make("p", { class: "about" }, about) : null;
  const dataset = { field: path };
  if (control instanceof HTMLDivElement) {
    control.setAttribute("aria-labelledby", `${id}-name`);
    const label = make("span", { class: "legend", id: `${id}-name` }, name);
    return make("div", { class: "field", dataset }, label, control, hint);
  }
  if (control.type === "checkbox") {
    const label = make("label", { class: "check" }, control, name);
    return make("div", { class: "field", dataset }, label, hint);
  }
  return make("div", { class: "field", dataset }, make("label", { for: id }, name), control, hint);
}

/** @param {string} value @param {(value: string) => void} changed */
export const textControl = (value, changed) => {
  /** @type {HTMLInputElement} */
  const control = make("input", {
    value,
    autocomplete: "off",
    spellcheck: "false",
    onchange: () => changed(control.value),
  });
  return control;
};

/** @param {number} value @param {Schema} limits @param {(value: number) => void} changed */
export const numberControl = (value, limits, changed) => {
  /** @type {HTMLInputElement} */
  const control = make("input", {
    type: "number",
    value,
    min: limits.minimum ?? limits.exclusiveMinimum,
    max: limits.maximum,
    step: limits.type === "integer" ? 1 : "any",
    onchange: () => changed(control.valueAsNumber),
  });
  return control;
};

/** @param {boolean} value @param {(value: boolean) => void} changed */
export const checkControl = (value, changed) => {
  /** @type {HTMLInputElement} */
  const control = make("input", {
    type: "checkbox",
    checked: value,
    onchange: () => changed(control.checked),
  });
  return control;
};

/** A box for each of all, told in this order. @param {Json[]} all @param {Json} value
 * @param {(value: Json[]) => void} changed */
const severalControl = (all, value, changed) => {
  const ticked = new Set(Array.isArray(value) ? value : []);
  const boxes = all.map((each) => {
    const control = checkControl(ticked.has(each), (on) => {
      if (on) ticked.add(each);
      else ticked.delete(each);
      changed(all.filter((other) => ticked.has(other)));
    });
    return make("label", { class: "check" }, control, String(each));
  });
  return make("div", { class: "several", role: "group" }, ...boxes);
};

/**
 * @param {string} value
 * @param {{value: string, text: string, disabled?: boolean}[]} choices
 * @param {(value: string) => void} changed
 */
export const choiceControl = (value, choices, changed) => {
  const options = choices.map(({ text, ...attributes }) => make("option", attributes, text));
  /** @type {HTMLSelectElement} */
  const control = make("select", { onchange: () => changed(control.value) }, ...options);
  control.value = value;
  return control;
};

/**
 * The fields of a JSON schema's properties.
 * @param {string} path
 * @param {Schema} schema
 * @param {Record<string, Json>} values what was set; else its default holds
 * @param {(name: string, value: Json) => void} changed
 */
export function schemaFields(path, schema, values, changed) {
  return Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const value = values[name] ?? property.default ?? null;
    const control = controlOf(property, value, (given) => changed(name, given));
    const title = property.title ?? name.replaceAll("_", " ");
    return field(`${path}.${name}`, title, control, property.description);
  });
}

/** @param {Schema} schema @param {Json} value @param {Changed} changed @returns {Control} */
function controlOf(schema, value, changed) {
  const optional = schema.anyOf?.some((each) => each.type === "null") ?? false;
  const kind = schema.anyOf?.find((each) => each.type !== "null") ?? schema;
  const said = value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
  if (kind.enum) return enumControl(kind.enum, value, changed);
  if (kind.items?.enum) return severalControl(kind.items.enum, value, changed);
  if (kind.type === "boolean") return checkControl(value === true, changed);
  if (kind.type === "number" || kind.type === "integer") {
    return numberControl(typeof value === "number" ? value : Number.NaN, kind, (given) =>
      changed(Number.isNaN(given) ? null : given),
    );
  }
  if (kind.type === "string") {
    return textControl(said, (given) => changed(optional && !given ? null : given));
  }
  return textControl(said, (given) => changed(parsed(given)));
}

/** @param {Json[]} all @param {Json} value @param {Changed} changed */
function enumControl(all, value, changed) {
  const choices = all.map((each) => ({ value: JSON.stringify(each), text: String(each) }));
  return choiceControl(JSON.stringify(value), choices, (given) => changed(JSON.parse(given)));
}

/** Other lists and maps are written as JSON; what is none stays text, and the server says so.
 * @param {string} text
 * @returns {Json} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
