// What the listed takes hold, in numbers: tasks, lengths, words, people.

import { counted } from "../shared/counted.js";
import { openDialog } from "../shared/dialogs.js";
import { button, make, setDisabled } from "../shared/dom.js";
import { ending } from "../shared/ending.js";
import { duration } from "../shared/format.js";
import { bindButton } from "../shared/keys.js";

/** @import { TakeRow } from "../shared/messages" */
/** @import { TakeMarks } from "./marks.js" */

const MOST_ROWS = 10;
const BARS = 8; // of lengths
const SMALL = new Set(
  "the a an of to on in into at it its and that this please you could".split(" "),
);

export class TakeStatistics {
  /** @param {HTMLElement} page @param {TakeMarks} marks */
  constructor(page, marks) {
    this.marks = marks;
    this.button = button(page, ".list .statistics");
    bindButton("data", this.button, () => this.open());
  }

  show() {
    setDisabled(this.button, !this.marks.chosen().length);
  }

  open() {
    const rows = this.marks.chosen();
    const dialog = openDialog(
      "Statistics",
      make("h2", {}, `Statistics · ${counted(rows.length, "take")}, ${duration(lasting(rows))}`),
      make(
        "div",
        { class: "statistics" },
        part("Tasks", tasks(rows)),
        part("Lengths", lengths(rows)),
        part("Objects", counts(rows.flatMap(({ targets }) => targets))),
        part("Words", counts(rows.flatMap((row) => [...new Set(words(row.instruction))]))),
        part("Operators", counts(rows.map(({ operator }) => operator || "nobody said"))),
        part("How they ended", counts(rows.map(ended))),
      ),
      make("div", { class: "closing" }, make("button", { onclick: () => dialog.close() }, "Close")),
    );
  }
}

/** @param {TakeRow[]} rows */
const lasting = (rows) => rows.reduce((sum, { duration_s }) => sum + duration_s, 0);

/** @param {TakeRow} row */
const ended = (row) => (row.success === null ? "not judged" : ending(row));

/** @param {string} text */
const words = (text) =>
  (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !SMALL.has(word));

/** @typedef {[name: string, count: number, said?: string]} Bar */

/** The most frequent first. @param {string[]} names @returns {Bar[]} */
function counts(names) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const name of names) found.set(name, (found.get(name) ?? 0) + 1);
  return [...found].sort((one, other) => other[1] - one[1]);
}

/** How many of each, and of how many it is known that they succeeded.
 * @param {TakeRow[]} rows @returns {Bar[]} */
function tasks(rows) {
  return counts(rows.map(({ task, instruction }) => task || instruction || "none")).map(
    ([name, count]) => {
      const own = rows.filter(({ task, instruction }) => (task || instruction || "none") === name);
      const good = own.filter(({ success }) => success).length;
      return [name, count, `${count}, ${good} succeeded`];
    },
  );
}

/** @param {TakeRow[]} rows @returns {Bar[]} */
function lengths(rows) {
  const all = rows.map(({ duration_s }) => duration_s);
  const wide = Math.max(1, Math.ceil(Math.max(...all) / BARS));
  const bins = Array.from({ length: Math.ceil((Math.max(...all) + 1e-9) / wide) }, () => 0);
  for (const length of all) bins[Math.min(bins.length - 1, Math.floor(length / wide))] += 1;
  return bins.map((count, bin) => [`${bin * wide} to ${(bin + 1) * wide} s`, count]);
}

/** @param {string} title @param {Bar[]} bars */
function part(title, bars) {
  const most = Math.max(1, ...bars.map(([, count]) => count));
  const left = bars.length - MOST_ROWS;
  return make(
    "section",
    { "aria-label": title },
    make("h3", {}, title),
    ...bars
      .slice(0, MOST_ROWS)
      .map(([name, count, said]) => row(name, said ?? String(count), count / most)),
    ...(left > 0 ? [make("p", { class: "hint" }, `and ${left} more`)] : []),
    ...(bars.length ? [] : [make("p", { class: "hint" }, "none")]),
  );
}

/** @param {string} name @param {string} said @param {number} share of the most frequent */
function row(name, said, share) {
  const bar = make("i", {});
  bar.style.width = `${100 * share}%`;
  return make("div", { class: "bar" }, make("span", {}, name), bar, make("b", {}, said));
}
