// What is looked for among takes: words that stand anywhere in what is said of a take, and
// conditions such as success:no, by:policy or before:2026-11-24, of which each must hold.

import { agentName } from "../shared/station.js";

/** @import { TakeRow } from "../shared/messages" */
/** @typedef {(take: TakeRow) => boolean} Fits */

const YES = new Set(["yes", "y", "✓", "true"]);
const NO = new Set(["no", "n", "✗", "false"]);

/** @param {string} text @param {TakeRow} take */
function isEnding(text, { success: value, partly }) {
  if (text === "partly") return partly;
  if (YES.has(text)) return value === true;
  return NO.has(text) ? value === false : value === null;
}

/** @param {string | string[]} held @param {string} text */
const holds = (held, text) => [held].flat().join(" ").toLowerCase().includes(text);

/** @param {TakeRow} take @param {string} text */
function isLabelled(take, text) {
  if (text === "none") return take.masks === 0;
  if (text === "some") return take.masks > 0 && take.labelled < 1;
  if (text === "all") return take.masks > 0 && take.labelled >= 1;
  return holds(take.review, text);
}

/** What may stand before a colon. @type {Record<string, (take: TakeRow, text: string) => boolean>} */
const CONDITIONS = {
  task: (take, text) => holds([take.task, take.instruction], text),
  operator: (take, text) => holds(take.operator, text),
  success: (take, text) => isEnding(text, take),
  labels: isLabelled,
  by: (take, text) => holds([take.taught_by, agentName(take.taught_by)], text),
  from: (take, text) => holds(take.source, text),
  camera: (take, text) => take.cameras.some((name) => name.toLowerCase() === text),
  tag: (take, text) => take.tags.some((tag) => tag.toLowerCase() === text),
  object: (take, text) => holds(take.targets, text),
  after: (take, text) => take.created >= text,
  before: (take, text) => take.created.slice(0, text.length) < text,
};

/** One condition or word; quotes hold words together.
 * @param {string} part @returns {Fits} */
function fitting(part) {
  const [, key, text] = /^(\w+):(.+)$/.exec(part) ?? [];
  if (key && Object.hasOwn(CONDITIONS, key)) return (take) => CONDITIONS[key](take, text);
  return (take) => said(take).includes(part);
}

/** What words are looked for in; made once, while thousands of takes are searched letter by letter.
 * @type {WeakMap<TakeRow, string>} */
const texts = new WeakMap();

/** @param {TakeRow} take */
function said(take) {
  const known = texts.get(take);
  if (known !== undefined) return known;
  const { number, instruction, task, operator, created, note, tags } = take;
  const text = [number, instruction, task, operator, created, note, ...tags]
    .join(" ")
    .toLowerCase();
  texts.set(take, text);
  return text;
}

/** @param {string} text @returns {Fits} */
export function queryOf(text) {
  const parts = text.toLowerCase().match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
  const all = parts.map((part) => fitting(part.replaceAll('"', "")));
  return (take) => all.every((fits) => fits(take));
}
