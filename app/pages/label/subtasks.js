// The sub-tasks of a take: suggested where the motion changes, cut, joined, named, moved.

import { button, controls, find, setDisabled } from "../shared/dom.js";
import { bind, bindButton } from "../shared/keys.js";
import { notify } from "../shared/notices.js";
import { takes } from "../shared/takes.js";
import { MovingBorder } from "./moving_border.js";
import * as list from "./parts.js";
import { reach } from "./reach.js";
import { SubtaskNaming } from "./subtask_naming.js";
import { SubtaskRow } from "./subtask_row.js";

/** @import { LabelPatch, Part, TakeDetail } from "../shared/messages" */
/** @import { Action } from "../shared/keys.js" */
/** @import { LabelStore, MakeFields } from "./store.js" */
/** @import { Timeline } from "./timeline.js" */
/** @typedef {(parts: Part[]) => Part[] | null} Change null: nothing is to be done */
/**
 * What the sub-tasks need of their page.
 * @typedef {object} Page
 * @property {{detail: TakeDetail, store: LabelStore} | null} take
 * @property {number} tick
 * @property {(action: string, fields?: object | MakeFields) => Promise<LabelPatch | null>} act
 * @property {(tick: number) => void} seek
 * @property {() => void} show
 * @property {{suggest: () => unknown}} suggestions
 */

const HERE = "There is no sub-task at this frame: X begins one, G suggests some.";

export class Subtasks {
  /** @param {Page} page @param {HTMLElement} element @param {Timeline} timeline */
  constructor(page, element, timeline) {
    this.page = page;
    this.element = element;
    this.timeline = timeline;
    this.suggesting = false;
    this.edited = false; // whether the list of takes does not tell all names yet
    /** What is shown until it is saved. @type {Part[] | null} */
    this.meanwhile = null;
    this.border = new MovingBorder({
      limits: (border) => list.limits(this.parts, border, this.ticks),
      moved: (tick) => page.seek(tick),
      save: (from, to) => this.edit((parts) => list.moved(parts, from, to, this.ticks)),
    });
    this.row = new SubtaskRow(find(element, ".subtasks"), timeline, {
      seek: (tick) => page.seek(tick),
      name: (tick) => this.name(tick),
      move: (border, to) => this.border.move(border, to),
      keep: () => this.border.keep(),
    });
    this.naming = new SubtaskNaming(find(element, ".naming"), {
      name: (start, text) => this.edit((parts) => list.named(parts, start, text)),
      next: (start) => this.nameNext(start),
      changed: () => page.show(),
    });
    this.bindTools();
    this.bindBorders();
  }

  bindTools() {
    /** @param {string} name @param {Action} run */
    const bound = (name, run) =>
      bindButton("label", button(this.element, `.cutting .${name}`), run);
    const { suggestions } = this.page;
    bound("suggest", (event) => (event?.shiftKey ? suggestions.suggest() : this.suggest()));
    bound("split", () => this.split());
    bound("merge", () => this.merge());
    bound("name", () => this.name(this.page.tick));
    bound("remove", () => this.remove());
  }

  bindBorders() {
    const usable = () => this.page.take !== null && reach.ok;
    const here = () => this.row.focused !== null;
    bind("label", "e", (event) => this.toBorder(event?.shiftKey ? -1 : 1), usable);
    bind(
      "label",
      "Escape",
      () => this.leave(),
      () => this.suggesting || here(),
    );
    bind("label", "Enter", () => this.row.leave(), here);
    for (const [key, sign] of /** @type {const} */ ([
      ["ArrowLeft", -1],
      ["ArrowRight", 1],
    ])) {
      /** @param {KeyboardEvent | MouseEvent} [event] */
      const nudge = (event) => {
        const { focused } = this.row;
        if (focused !== null) this.border.nudge(focused, sign * (event?.shiftKey ? 10 : 1));
      };
      bind("label", key, nudge, () => usable() && here(), true);
    }
  }

  /** Of the open take. */
  get ticks() {
    return this.page.take?.detail.ticks ?? 0;
  }

  get cuts() {
    return this.page.take?.detail.cuts ?? [];
  }

  get said() {
    return this.page.take?.store.said.segments ?? [];
  }

  /** All that are shown, also those that are suggested, but for a border on its way. */
  get parts() {
    const { cuts, said, ticks } = this;
    return this.meanwhile ?? (this.suggesting ? list.filled(said, cuts, ticks) : said);
  }

  /** Whether something is not saved. */
  get unsaved() {
    return this.border.way !== null || this.naming.unsaved;
  }

  /** Save a change of the parts that there are then; what is suggested is taken with it.
   * @param {Change} change */
  async edit(change) {
    const { cuts, suggesting, ticks } = this;
    const parts = change(this.parts);
    if (!parts) return;
    this.meanwhile = parts;
    this.suggesting = false;
    this.edited = true;
    await this.page.act("segments", (said) => {
      const now = suggesting ? list.filled(said.segments, cuts, ticks) : said.segments;
      const segments = change(now);
      return segments && { segments, base_revision: said.revision };
    });
    if (this.meanwhile === parts) this.meanwhile = null;
    this.page.show();
  }

  /** Once shows a suggestion, twice takes it. */
  suggest() {
    if (this.suggesting) return this.edit((parts) => parts);
    this.suggesting = list.gaps(this.parts, this.ticks).length > 0;
    if (!this.suggesting) notify("All of the take is cut. Delete a sub-task to have it cut anew.");
    this.page.show();
  }

  split() {
    const { tick } = this.page;
    if (list.partAt(this.parts, tick)?.start === tick) notify("A sub-task begins at this frame.");
    else this.edit((parts) => list.split(parts, tick, this.ticks));
  }

  merge() {
    const { tick } = this.page;
    if (!list.partAt(this.parts, tick)) notify(HERE);
    else if (this.parts.length < 2) notify("There is no other sub-task.");
    else this.edit((parts) => list.merged(parts, tick));
  }

  remove() {
    const { tick } = this.page;
    if (!list.partAt(this.parts, tick)) notify(HERE);
    else this.edit((parts) => list.removed(parts, tick));
  }

  /** @param {number} tick */
  name(tick) {
    const part = list.partAt(this.parts, tick);
    if (!part) return notify(HERE);
    const before = this.parts[this.parts.indexOf(part) - 1]?.text ?? "";
    const { start, text } = part;
    const offers = list.offers(this.names, before);
    this.naming.open({ start, text, offers }, this.timeline.edge(start));
    this.page.show();
  }

  /** The first one after a part that has no name. @param {number} start */
  nameNext(start) {
    const next = this.parts.find((part) => part.start > start && !part.text);
    if (!next) return;
    this.page.seek(next.start);
    this.name(next.start);
  }

  /** What sub-tasks are called in the takes of the same task, the newest first, and in this one. */
  get names() {
    const own = this.page.take?.store.take;
    const task = takes.find(own)?.task;
    const others = takes.kept.filter((take) => take.task === task && take.id !== own);
    return [...others.map(({ subtasks }) => subtasks), this.said.map(({ text }) => text)];
  }

  /** Lead the keyboard to the next border, or to the one before. @param {number} sign */
  toBorder(sign) {
    const all = list.borders(this.parts);
    const here = this.row.focused ?? this.page.tick;
    const on = sign > 0 ? all.find((each) => each > here) : all.findLast((each) => each < here);
    const border = on ?? (sign > 0 ? all[0] : all.at(-1));
    if (border === undefined) return notify(HERE);
    this.row.focus(border);
    this.page.seek(border);
  }

  /** Nothing is kept of a suggestion, nor of a border on its way. */
  leave() {
    this.suggesting = false;
    this.border.drop();
    this.row.leave();
    this.page.show();
  }

  opened() {
    if (this.edited) takes.refresh();
    this.edited = false;
    this.suggesting = false;
    this.meanwhile = null;
  }

  show() {
    const { take, tick } = this.page;
    for (const each of controls(this.element, ".cutting button")) {
      setDisabled(each, !take || !reach.ok);
    }
    const { border, parts, said, ticks } = this;
    const { from, to } = border.way ?? { from: 0, to: 0 };
    this.row.show({
      parts: list.moved(parts, from, to, ticks) ?? parts,
      suggested: this.suggesting,
      said,
      borders: list.borders(parts).map((each) => ({ from: each, at: border.at(each) })),
      ticks,
      tick,
    });
  }
}
