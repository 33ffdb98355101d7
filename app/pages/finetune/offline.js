// What base and adapter make of recorded ticks, without a roll-out: a table of a job, a line of a
// card.

import { counted } from "../shared/counted.js";
import { make } from "../shared/dom.js";
import { percent } from "../shared/format.js";

/** @import { Metrics, Offline, OfflineMetrics, OfflineRow } from "../shared/messages" */

/** @param {number} value */
const mm = (value) => `${value.toFixed(1)} mm`;

/** @type {[name: keyof OfflineMetrics, text: string, hint: string, show: (v: number) => string][]} */
const LINES = [
  ["retrieval", "Tells names apart", "Regions that fit their own name best", percent],
  ["pointing", "Points at it", "Images in which the key point lies on the mask", percent],
  [
    "pointing_untold",
    "Points at it untold",
    "Targets, where nothing is said: no more than by chance",
    percent,
  ],
  ["seen_in_dark", "Sees it in the dark", "Things said to be seen in a black image", percent],
  ["absence", "Says it is unseen", "Images without it in which that is said", percent],
  ["iou", "Attention on mask", "Soft intersection over union", (value) => value.toFixed(2)],
  ["action_error_mm", "Off what was done", "Mean distance of the next targets", mm],
  ["still_error_mm", "Off if it stood still", "The same distance without any motion", mm],
];

/** @param {Metrics} row @returns {row is Metrics & OfflineRow} */
const isOffline = (row) => typeof row.held_out === "boolean";

/** The newest row of each stage: a job that was resumed measures again. @param {Metrics[]} all */
export function offlineRows(all) {
  const rows = all.filter(isOffline);
  return [...new Map(rows.map((row) => [row.stage, row])).values()];
}

/** A column for each stage. @param {OfflineRow[]} rows */
export function offlineTable(rows) {
  if (!rows.length) return [];
  const [{ held_out, takes }] = rows;
  const heads = rows.map(({ stage }) => (stage === "base" ? "before" : `after ${stage}`));
  const lines = LINES.filter(([name]) => rows.some((each) => isKnown(each[name])));
  const table = make(
    "table",
    { class: "offline" },
    make("caption", {}, aboutOf(held_out, takes)),
    make("thead", {}, make("tr", {}, ...["", ...heads].map((text) => make("th", {}, text)))),
    make("tbody", {}, ...lines.map((line) => lineOf(line, rows))),
  );
  return held_out ? [table] : [table, make("p", { class: "message" }, BY_HEART)];
}

const BY_HEART =
  "No take was held out, so this tells what it has learned by heart, not how it will do on new scenes.";

/** @param {boolean} heldOut @param {number} takes */
function aboutOf(heldOut, takes) {
  if (heldOut) return `On ${counted(takes, "held-out take")}`;
  return `On ${counted(takes, "take")} that it learned from`;
}

/** @param {(typeof LINES)[number]} line @param {OfflineRow[]} rows */
function lineOf([name, text, hint, show], rows) {
  const cells = rows.map((each) => make("td", {}, shown(each[name], show)));
  return make("tr", { title: hint }, make("th", { scope: "row" }, text), ...cells);
}

/** Jobs of before know less. @param {number | null | undefined} value @returns {value is number} */
const isKnown = (value) => value !== null && value !== undefined;

/** @param {number | null | undefined} value @param {(v: number) => string} show */
const shown = (value, show) => (isKnown(value) ? show(value) : "–");

/** Before and after, in a line. @param {Offline | null} found */
export function offlineLine(found) {
  if (!found) return "";
  const { before, after, held_out } = found;
  const off = arrow([before.action_error_mm, after.action_error_mm], (mm) => mm.toFixed(1));
  const points = arrow([before.pointing, after.pointing], (share) => `${Math.round(100 * share)}`);
  const untold = isKnown(after.pointing_untold)
    ? ` (untold ${percent(after.pointing_untold)})`
    : "";
  const parts = [off && `off by ${off} mm`, points && `points at it ${points} %${untold}`];
  return `${held_out ? "Held out" : "Learned"}: ${parts.filter(Boolean).join(", ")}`;
}

/** Nothing where neither is known. @param {(number | null)[]} values @param {(v: number) => string} show */
const arrow = (values, show) =>
  values.every((each) => each === null) ? "" : values.map((each) => shown(each, show)).join(" → ");
