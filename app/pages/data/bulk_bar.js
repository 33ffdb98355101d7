// Edits of all marked takes at once, which are undone at once.

import { api } from "../shared/api.js";
import { author } from "../shared/author.js";
import { counted } from "../shared/counted.js";
import { button, find, setText, toggleHidden } from "../shared/dom.js";
import { notify, saying } from "../shared/notices.js";
import { during } from "../shared/pending.js";
import { takes } from "../shared/takes.js";

/** @import { TakeRow, BulkEdit } from "../shared/messages" */
/** @import { TakeMarks } from "./marks.js" */

export class BulkBar {
  /** @param {HTMLElement} page @param {TakeMarks} marks */
  constructor(page, marks) {
    this.element = find(page, ".list .bulk");
    this.marks = marks;
    this.button("yes").onclick = () => this.edit({ success: true }, "succeeded");
    this.button("no").onclick = () => this.edit({ success: false }, "failed");
    this.button("none").onclick = () => this.marks.clear();
    this.button("move").onclick = () => this.move();
    this.onSubmit(".rename", (text) => this.edit({ instruction: text }, `are: ${text}`));
    this.onSubmit(".tag", (text) => this.edit({ add_tag: text }, `have the tag ${text}`));
  }

  /** @param {string} name */
  button(name) {
    return button(this.element, `button.${name}`);
  }

  /** @param {string} selector @param {(text: string) => unknown} run */
  onSubmit(selector, run) {
    const form = find(this.element, selector, HTMLFormElement);
    const field = find(form, "input", HTMLInputElement);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const text = field.value.trim();
      if (text && (await run(text))) field.value = "";
    });
  }

  /** Whether all of them are in the bin. */
  get binned() {
    return this.marks.marked.every(({ deleted }) => deleted);
  }

  move() {
    const deleted = !this.binned;
    return this.edit({ deleted }, deleted ? "are in the bin" : "are back");
  }

  /** @param {BulkEdit} change @param {string} outcome */
  edit(change, outcome) {
    const edits = Object.fromEntries(this.marks.marked.map(({ id }) => [id, change]));
    return edit(edits, outcome);
  }

  show() {
    const { length } = this.marks.marked;
    toggleHidden(this.element, !length);
    setText(find(this.element, ".count"), `${length} marked`);
    setText(this.button("move"), this.binned ? "Take back" : "To the bin");
  }
}

/** Says what it did, and offers what undoes it.
 * @param {Record<string, BulkEdit>} edits @param {string} outcome */
async function edit(edits, outcome) {
  const ask = () => api.post("/api/takes/edit", { edits, author: author.name });
  const answer = await saying(() => during("writing that down", ask()));
  if (!answer) return false;
  const count = Object.keys(answer.undo).length;
  const refused = takes.leftOut(answer.refused);
  const back = () => edit(answer.undo, "are as before");
  if (count) notify(`${counted(count, "take")} ${outcome}.`, "", back);
  if (refused.length) notify(refused.join(" "), "amber");
  await takes.refresh();
  return count > 0;
}
