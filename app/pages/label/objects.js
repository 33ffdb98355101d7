// The objects of a take, and which of them the next click is about.

import { find } from "../shared/dom.js";
import { objectRow, TypedList } from "./rows.js";

/** @import { LabelFields, ObjectLabel } from "../shared/messages" */
/** @import { Page } from "./panel.js" */

const END = / (?:to|on|onto|in|into|inside|from|towards|with|over|left|right|away|and)\b|[,.;]/i;

/** "pick up the red cube" -> "red cube": a first name for the object to click on.
 * @param {string} instruction */
function likelyObject(instruction) {
  const after = instruction.match(/\bthe (.+)/i)?.[1] ?? "";
  return after.split(END)[0].trim() || "object";
}

export class Objects {
  /** @param {Page} page @param {HTMLElement} panel */
  constructor(page, panel) {
    this.page = page;
    /** @type {string | null} */
    this.picked = null;
    const plus = find(panel, ".add-object");
    /** @param {string} text */
    const add = (text) => this.add(text);
    this.list = new TypedList(find(panel, ".objects"), plus, add, () => page.show());
  }

  get said() {
    return this.page.store?.said.objects ?? [];
  }

  /** @param {ObjectLabel[]} objects */
  say(objects) {
    return this.page.act("objects", { objects });
  }

  /** Where nobody picked one that there is, the target. @returns {string | null} */
  get chosen() {
    const { said, picked } = this;
    const named = (/** @type {ObjectLabel} */ { name }) => name === picked;
    return (said.find(named) ?? said.find(({ target }) => target) ?? said[0])?.name ?? null;
  }

  opened() {
    this.picked = null;
  }

  /** @param {string} name */
  choose(name) {
    this.picked = name;
    this.page.show();
  }

  next() {
    const names = this.said.map((object) => object.name);
    if (names.length) this.choose(names[(names.indexOf(this.chosen ?? "") + 1) % names.length]);
  }

  /** The object that a click is about; the first click names one after the instruction. */
  async forClick() {
    const { store } = this.page;
    if (!store || this.chosen) return this.chosen;
    const name = likelyObject(store.said.instruction);
    await this.say([...this.said, { name, target: true }]);
    return this.chosen;
  }

  /** @param {string} name */
  async add(name) {
    const { said } = this;
    await this.say([...said, { name, target: !said.length }]);
    this.picked = name;
  }

  /** @param {LabelFields} said */
  show({ objects }) {
    this.list.show(JSON.stringify([objects, this.chosen]), () =>
      objects.map((label, index) => this.row(label, index)),
    );
  }

  /** @param {ObjectLabel} label @param {number} index */
  row(label, index) {
    const aimed = { ...label, target: !label.target };
    return objectRow(label, index, label.name === this.chosen, {
      choose: () => this.choose(label.name),
      aim: () => this.say(this.said.map((old, at) => (at === index ? aimed : old))),
      remove: () => this.say(this.said.filter((_, at) => at !== index)),
    });
  }
}
