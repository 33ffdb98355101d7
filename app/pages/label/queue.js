// The takes to label, in an order that stays as it is while one works; it is put right on request.

import { button, find, make, refill, select, setText, toggleClass } from "../shared/dom.js";
import { bindButton } from "../shared/keys.js";
import { takes } from "../shared/takes.js";
import { presence } from "./presence.js";
import { words } from "./review.js";

/** @import { TakeRow } from "../shared/messages" */

const DONE = ["done", "approved"];
const UNSURE = 0.7;
const ORDER = "teachloop-label-order"; // in this window
/** Which come first, by what they wait for. @type {Record<string, string[]>} */
const FIRST = {
  worst: ["returned", "open", "done", "approved"],
  review: ["done", "returned", "open", "approved"],
};

export class LabelQueue {
  /** @param {HTMLElement} element @param {(take: string) => void} open */
  constructor(element, open) {
    this.element = element;
    this.open = open;
    /** @type {string | undefined} */
    this.current = undefined;
    /** @type {string[]} */
    this.ids = []; // in their order
    this.order = select(element, ".order");
    this.order.value = sessionStorage.getItem(ORDER) ?? this.order.value;
    this.order.addEventListener("change", () => this.sort());
    bindButton("label", button(element, ".sort"), () => this.sort());
    presence.watch(() => this.fill());
  }

  /** Put the order right. */
  sort() {
    sessionStorage.setItem(ORDER, this.order.value);
    this.ids = [];
    this.show(this.current);
  }

  /** What is new is sorted in behind what was there; the newest stands before it. */
  get list() {
    const rest = new Map(takes.kept.map((take) => [take.id, take]));
    const known = this.ids.flatMap((id) => rest.get(id) ?? []);
    for (const id of this.ids) rest.delete(id);
    const fresh = [...rest.values()];
    const newest = this.order.value === "newest";
    const list = newest ? [...fresh, ...known] : [...known, ...sorted(fresh, this.order.value)];
    this.ids = list.map(({ id }) => id);
    return list;
  }

  get whole() {
    return this.list.filter((take) => !take.damaged);
  }

  first() {
    return (presence.free(this.whole) ?? this.whole[0])?.id;
  }

  /** To the next one that nobody else is at, or the one before. @param {1 | -1} step */
  move(step) {
    const { before, after } = this.around;
    const next = presence.free(step > 0 ? after : before.reverse());
    if (next) this.open(next.id);
  }

  /** What stands before and after the take that is open. */
  get around() {
    const { whole } = this;
    const here = whole.findIndex((take) => take.id === this.current);
    return { before: whole.slice(0, Math.max(0, here)), after: whole.slice(here + 1) };
  }

  /** The next take of which that was said and that nobody else is at, from the one that is open on.
   * @param {string[]} reviews */
  next(reviews) {
    const { before, after } = this.around;
    const waiting = [...after, ...before].filter((take) => reviews.includes(take.review));
    return presence.free(waiting)?.id;
  }

  /** @param {string | undefined} current */
  show(current) {
    this.current = current;
    this.fill();
    this.element.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  }

  fill() {
    const { list, whole } = this;
    const rows = find(this.element, "ol");
    const empty = make("li", { class: "empty" }, "Nothing to label yet.");
    refill(rows, JSON.stringify([this.current, list]), () =>
      list.length ? list.map((take) => this.entry(take)) : [empty],
    );
    for (const take of list) mark(rowOf(rows, take), take);
    const done = whole.filter(({ review }) => DONE.includes(review)).length;
    setText(find(this.element, ".tally"), whole.length ? `${done} of ${whole.length} done` : "");
  }

  /** @param {TakeRow} take */
  entry(take) {
    const current = String(take.id === this.current);
    const row = make(
      "li",
      { dataset: { take: take.id } },
      make(
        "button",
        { class: "quiet", "aria-current": current, onclick: () => this.open(take.id) },
        make("b", {}, String(take.number)),
        make("span", {}, take.instruction || "no instruction"),
        make("em"),
        take.review === "returned" ? make("q", {}, take.comment) : null,
      ),
    );
    mark(row, take);
    return row;
  }
}

/** @param {HTMLElement} rows @param {TakeRow} take */
const rowOf = (rows, { id }) => rows.querySelector(`[data-take="${CSS.escape(id)}"]`);

/** How a take stands, or who else is at it. They come and go: its row is not built anew for them.
 * @param {Element | null} row @param {TakeRow} take */
function mark(row, take) {
  if (!row) return; // it is pressed
  const [state, urgent] = standing(take);
  const others = presence.words(take.id);
  const shown = find(row, "em");
  setText(shown, others || state);
  toggleClass(shown, "others", others);
  toggleClass(shown, "urgent", urgent && !others);
  const said = [presence.since(take.id), others && state, reviewed(take)];
  button(row, "button").title = said.filter(Boolean).join("\n");
}

/** The least sure first, of those that wait for the same.
 * @param {TakeRow[]} rows newest first @param {string} order */
function sorted(rows, order) {
  const states = FIRST[order];
  if (!states) return rows;
  /** @param {TakeRow} take */
  const place = (take) => states.indexOf(take.review) + (take.confidence ?? 0) / 2;
  return [...rows].sort((one, other) => place(one) - place(other));
}

/** @param {TakeRow} take @returns {[words: string, urgent: boolean]} */
function standing({ damaged, review, confidence }) {
  if (damaged) return ["damaged", true];
  if (review === "returned") return ["sent back", true];
  if (DONE.includes(review)) return [`${review} ✓`, false];
  if (confidence === null) return ["no masks", false];
  return [`${Math.round(100 * confidence)} %`, confidence < UNSURE];
}

/** @param {TakeRow} take */
function reviewed({ comment, review, reviewed: time, reviewed_by: author }) {
  return time ? words({ author, review, text: comment, time }) : "";
}
