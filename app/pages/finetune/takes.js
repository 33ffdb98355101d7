// The left side of Fine-tune: which takes to learn from.

import { button, find, input, make, refill, select, setChoices, setText } from "../shared/dom.js";
import { ending, verdict } from "../shared/ending.js";
import { bindButton } from "../shared/keys.js";
import { openTab } from "../shared/tabs.js";
import { takes } from "../shared/takes.js";

/** @import { TakeRow } from "../shared/messages" */

const ENOUGH = 5;
const UNSURE = 0.6;

export class TakeChoice {
  /** @param {HTMLElement} element @param {() => void} changed */
  constructor(element, changed) {
    this.element = element;
    this.changed = changed;
    /** @type {Map<string, boolean>} */
    this.said = new Map(); // of what somebody put into the choice, or took out of it, by id
    this.task = select(element, ".task");
    this.labelled = input(element, ".labelled");
    for (const field of [this.task, this.labelled]) field.addEventListener("change", changed);
    bindButton("finetune", button(element, ".filters button"), () => this.chooseAll());
  }

  get usable() {
    const task = this.task.value;
    const labelled = this.labelled.checked;
    const fits = (/** @type {TakeRow} */ take) =>
      !take.damaged &&
      !take.pictures &&
      (!labelled || take.labelled > 0) &&
      (!task || take.task === task);
    return takes.kept.filter(fits);
  }

  get chosen() {
    return this.usable.filter((take) => this.has(take));
  }

  /** Unless somebody says more, what succeeded is learned from. @param {TakeRow} take */
  has(take) {
    return this.said.get(take.id) ?? take.success === true;
  }

  chooseAll() {
    const all = this.chosen.length === this.usable.length;
    for (const take of this.usable) this.said.set(take.id, !all);
    this.changed();
  }

  show() {
    const names = [...new Set(takes.kept.map((take) => take.task).filter(Boolean))].sort();
    const tasks = names.map((name) => ({ value: name, text: name }));
    setChoices(this.task, [{ value: "", text: "All tasks" }, ...tasks]);
    const { usable, chosen } = this;
    const minutes = chosen.reduce((sum, take) => sum + take.duration_s, 0) / 60;
    const total = `${chosen.length} of ${usable.length} · ${minutes.toFixed(1)} min`;
    setText(find(this.element, ".total"), total);
    refill(find(this.element, ".takes"), JSON.stringify([usable, [...this.said]]), () =>
      usable.length ? usable.map((take) => this.entry(take)) : [empty()],
    );
    setText(find(this.element, ".warnings"), this.warnings.join(" "));
  }

  /** @param {TakeRow} take */
  toggle(take) {
    this.said.set(take.id, !this.has(take));
    this.changed();
  }

  get warnings() {
    const { chosen } = this;
    const left = unsuccessful(this.usable.filter((take) => !this.has(take)));
    const learned = unsuccessful(chosen);
    return [
      left ? `Left out: ${left}. Tick them to learn from them, too.` : "",
      learned ? `Learned from, too: ${learned}.` : "",
      ...warnings(chosen),
    ].filter(Boolean);
  }

  /** @param {TakeRow} take */
  entry(take) {
    const share = Math.round(100 * take.labelled);
    const state = share >= 95 ? "labelled" : share ? `${share} % labelled` : "not labelled";
    const onchange = () => this.toggle(take);
    return make(
      "li",
      { dataset: { take: take.id } },
      make(
        "label",
        { class: "check" },
        make("input", { type: "checkbox", checked: this.has(take), onchange }),
        make("b", {}, `${take.number}`),
        make(
          "span",
          { class: "what", title: take.instruction },
          take.instruction || "no instruction",
        ),
        make("em", { title: ending(take) }, `${take.duration_s.toFixed(1)} s ${verdict(take)}`),
        make("em", { class: take.labelled > 0 ? "" : "urgent" }, state),
      ),
    );
  }
}

function empty() {
  const some = takes.kept.length > 0;
  const open = () => openTab(some ? "label" : "record");
  return make(
    "li",
    { class: "empty" },
    make("b", {}, some ? "No labelled takes" : "No takes yet"),
    some ? "A click or two in each take is enough. " : "Record a few takes of a task first. ",
    make("button", { onclick: open }, some ? "Label takes" : "Record takes"),
  );
}

/** How many did not succeed, as far as anybody said. @param {TakeRow[]} rows */
function unsuccessful(rows) {
  const failed = rows.filter((take) => take.success === false).length;
  const unjudged = rows.filter((take) => take.success === null).length;
  return [failed ? `${failed} failed` : "", unjudged ? `${unjudged} not judged` : ""]
    .filter(Boolean)
    .join(", ");
}

/** @param {TakeRow[]} chosen */
function warnings(chosen) {
  const count = (/** @type {(take: TakeRow) => boolean} */ fits) => chosen.filter(fits).length;
  const unsure = count((take) => take.confidence !== null && take.confidence < UNSURE);
  const bare = count((take) => take.labelled === 0);
  const few = chosen.length > 0 && chosen.length < ENOUGH;
  return [
    few ? `Few takes: ${ENOUGH} or more usually work better.` : "",
    unsure ? `${unsure} with unsure masks.` : "",
    bare && bare < chosen.length ? `${bare} without masks teach motion only.` : "",
  ].filter(Boolean);
}
