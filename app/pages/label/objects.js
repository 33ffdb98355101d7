// The objects of a take, and which of them the next click is about.

import { find } from "../shared/dom.js";
import { notify } from "../shared/notices.js";
import { namedRow, objectRow, TypedList } from "./rows.js";

/** @import { LabelFields, ObjectLabel } from "../shared/messages" */
/** @import { Page } from "./panel.js" */
/** @import { LabelStore } from "./store.js" */

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
    /** The one whose name is being written. @type {string | null} */
    this.renamed = null;
    const plus = find(panel, ".add-object");
    /** @param {string} text */
    const add = (text) => this.add(text);
    this.list = new TypedList(find(panel, ".objects"), plus, add, () => page.show());
  }

  get said() {
    return this.page.store?.said.objects ?? [];
  }

  /** @param {(said: ObjectLabel[]) => ObjectLabel[] | null} change of the objects that there are
   * then */
  say(change) {
    return this.page.act("objects", (said) => {
      const objects = change(said.objects);
      return objects && { objects, base_revision: said.revision };
    });
  }

  /** Where nobody picked one that there is, the target. @returns {string | null} */
  get chosen() {
    const { said, picked } = this;
    const named = (/** @type {ObjectLabel} */ { name }) => name === picked;
    return (said.find(named) ?? said.find(({ target }) => target) ?? said[0])?.name ?? null;
  }

  opened() {
    this.picked = null;
    this.renamed = null;
  }

  /** Write another name for an object. @param {string | null} name */
  rename(name) {
    this.renamed = name;
    this.page.show();
    if (name !== null) this.list.fields[0]?.select();
  }

  /** Left with another name, the object has it; one that is taken stays, to be put right.
   * @param {HTMLInputElement} input @param {string} object */
  async renaming(input, object) {
    const name = input.value.trim();
    const picked = this.chosen === object;
    if (name && name !== object) {
      if (named(this.said, name)) return notify(`There is an object “${name}” already.`);
      if ((await this.page.act("rename", { object, name })) === null) return;
      if (picked) this.picked = name;
    }
    input.value = input.defaultValue;
    this.rename(null);
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

  /** What a click would be about. @param {LabelStore} store */
  nameFor(store) {
    return this.chosen ?? likelyObject(store.said.instruction);
  }

  /** The object that a click is about. The first click names one after the instruction, which is
   * said before whatever is done next. @param {LabelStore} store */
  forClick(store) {
    const name = this.nameFor(store);
    if (!this.chosen) this.say((said) => withObject(said, name));
    return name;
  }

  /** Of one name there is one object; naming it again picks it. @param {string} name */
  async add(name) {
    if (named(this.said, name)) notify(`There is an object “${name}” already; it is chosen now.`);
    const done = await this.say((said) => withObject(said, name));
    if (done) this.picked = name;
    return done;
  }

  /** @param {LabelFields} said */
  show({ objects }) {
    this.list.show(JSON.stringify([objects, this.chosen, this.renamed]), () =>
      objects.map((label, index) => this.row(label, index)),
    );
  }

  /** @param {ObjectLabel} label @param {number} index */
  row(label, index) {
    const { name, target } = label;
    if (name === this.renamed) return namedRow(name, index, (input) => this.renaming(input, name));
    /** An instruction is about one object. @param {ObjectLabel} old */
    const aimed = (old) => ({ name: old.name, target: old.name === name && !target });
    return objectRow(label, index, name === this.chosen, {
      choose: () => this.choose(name),
      aim: () => this.say((said) => said.map(aimed)),
      edit: () => this.rename(name),
      remove: () => this.say((said) => said.filter((old) => old.name !== name)),
    });
  }
}

/** @param {ObjectLabel[]} said @param {string} name */
const named = (said, name) => said.some((object) => object.name === name);

/** The target, where there is none yet. @param {ObjectLabel[]} said @param {string} name */
function withObject(said, name) {
  if (named(said, name)) return null;
  return [...said, { name, target: !said.some(({ target }) => target) }];
}
