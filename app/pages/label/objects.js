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
    this.chosen = null;
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

  opened() {
    const { said } = this;
    this.chosen = (said.find((object) => object.target) ?? said[0])?.name ?? null;
  }

  /** @param {string | null} name */
  choose(name) {
    this.chosen = name;
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
    if (await this.say([...this.said, { name, target: true }])) this.chosen = name;
    return this.chosen;
  }

  /** @param {string} name */
  async add(name) {
    const { said } = this;
    await this.say([...said, { name, target: !said.length }]);
    this.chosen = name;
  }

  /** @param {LabelFields} said */
  show({ objects }) {
    this.list.show(JSON.stringify([objects, this.chosen]), () =>
      objects.map((label, index) => this.row(label, index)),
    );
  }

  /** @param {ObjectLabel} label @param {number} index */
  row(label, index) {
    const others = () => this.said.filter((_, at) => at !== index);
    const aimed = { ...label, target: !label.target };
    return objectRow(label, index, label.name === this.chosen, {
      choose: () => this.choose(label.name),
      aim: () => this.say(this.said.map((old, at) => (at === index ? aimed : old))),
      remove: () => this.remove(label.name, others()),
    });
  }

  /** @param {string} name @param {ObjectLabel[]} others */
  async remove(name, others) {
    await this.say(others);
    if (this.chosen === name) this.choose(this.said[0]?.name ?? null);
  }
}
