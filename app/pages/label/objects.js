// The objects of a take, and which of them the next click is about.

import { find } from "../shared/dom.js";
import { notify } from "../shared/notices.js";
import { objectRow, TypedList, writtenRow } from "./rows.js";
import { oneLine } from "./wordings.js";

/** @import { LabelFields, ObjectLabel } from "../shared/messages" */
/** @import { Page } from "./panel.js" */
/** @import { LabelStore } from "./store.js" */
/** @typedef {Pick<ObjectLabel, "name" | "target">} Named */

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
    /** The one whose name, or whose synonyms are being written.
     * @type {{object: string, part: "name" | "synonyms"} | null} */
    this.written = null;
    const plus = find(panel, ".add-object");
    /** @param {string} text */
    const add = (text) => this.add(text);
    this.list = new TypedList(find(panel, ".objects"), plus, add, () => page.show());
  }

  get said() {
    return this.page.store?.said.objects ?? [];
  }

  /** @param {(said: ObjectLabel[]) => Named[] | null} change of the objects that there are then */
  say(change) {
    return this.page.act("objects", (said) => {
      const objects = change(said.objects)?.map(({ name, target }) => ({ name, target }));
      return objects ? { objects, base_revision: said.revision } : null;
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
    this.written = null;
  }

  /** Write another name for an object. @param {string | null} object */
  rename(object) {
    if (object !== null) this.write({ object, part: "name" });
  }

  /** Write what else an object is called. @param {string | null} object */
  call(object) {
    if (object !== null) this.write({ object, part: "synonyms" });
  }

  /** @param {Objects["written"]} written */
  write(written) {
    this.written = written;
    this.page.show();
    if (written) this.list.fields[0]?.select();
  }

  /** Left with another name, the object has it; one that is taken stays, to be put right.
   * @param {HTMLInputElement} input @param {string} object */
  async renaming(input, object) {
    const name = input.value.trim();
    const picked = this.chosen === object;
    if (name && name !== object) {
      const other = called(this.said, name);
      if (other && other.name !== object) return notify(already(other, name));
      if ((await this.page.act("rename", { object, name })) === null) return;
      if (picked) this.picked = name;
    }
    input.value = input.defaultValue;
    this.write(null);
  }

  /** Left with other synonyms, the object has them, and those that somebody else wrote meanwhile;
   * one that is taken stays, to be put right.
   * @param {HTMLInputElement} input @param {ObjectLabel} label as it was when this began */
  async calling(input, { name, synonyms }) {
    const typed = parted(input.value).filter((each) => each !== name);
    const added = typed.filter((each) => !synonyms.includes(each));
    const left = synonyms.filter((each) => !typed.includes(each));
    for (const each of added) {
      const other = called(this.said, each);
      if (other && other.name !== name) return notify(already(other, each));
    }
    /** @param {LabelFields} said */
    const fields = ({ objects, revision }) => {
      const now = objects.find((each) => each.name === name)?.synonyms ?? [];
      const kept = [...new Set([...now.filter((each) => !left.includes(each)), ...added])];
      return { object: name, synonyms: kept, base_revision: revision };
    };
    const changed = input.value !== input.defaultValue && added.length + left.length > 0;
    if (changed && (await this.page.act("synonyms", fields)) === null) return;
    input.value = input.defaultValue;
    this.write(null);
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
    const there = called(this.said, name);
    if (there) notify(`${already(there, name)} It is chosen now.`);
    const done = await this.say((said) => withObject(said, name));
    if (done) this.picked = there?.name ?? name;
    return done;
  }

  /** @param {LabelFields} said */
  show({ objects }) {
    this.list.show(JSON.stringify([objects, this.chosen, this.written]), () =>
      objects.map((label, index) => this.row(label, index)),
    );
  }

  /** @param {ObjectLabel} label @param {number} index @param {boolean} naming */
  writtenRow(label, index, naming) {
    const { name, synonyms } = label;
    if (naming)
      return writtenRow(name, `New name of ${name}`, index, (input) => this.renaming(input, name));
    const what = `Other names of ${name}, with commas between them`;
    return writtenRow(synonyms.join(", "), what, index, (input) => this.calling(input, label));
  }

  /** @param {ObjectLabel} label @param {number} index */
  row(label, index) {
    const { name, target } = label;
    const { object, part } = this.written ?? {};
    if (name === object) return this.writtenRow(label, index, part === "name");
    /** An instruction is about one object. @param {ObjectLabel} old */
    const aimed = (old) => ({ name: old.name, target: old.name === name && !target });
    return objectRow(label, index, name === this.chosen, {
      choose: () => this.choose(name),
      aim: () => this.say((said) => said.map(aimed)),
      edit: () => this.rename(name),
      call: () => this.call(name),
      remove: () => this.say((said) => said.filter((old) => old.name !== name)),
    });
  }
}

/** The object that is called so. @param {ObjectLabel[]} said @param {string} word */
const called = (said, word) =>
  said.find(({ name, synonyms }) => name === word || synonyms.includes(word));

/** @param {ObjectLabel} object @param {string} word */
const already = ({ name }, word) =>
  name === word
    ? `There is an object “${name}” already.`
    : `“${name}” is called “${word}” already.`;

/** Synonyms as they are typed. @param {string} text */
const parted = (text) => [...new Set(text.split(",").map(oneLine).filter(Boolean))];

/** The target, where there is none yet. @param {ObjectLabel[]} said @param {string} name
 * @returns {Named[] | null} */
function withObject(said, name) {
  if (called(said, name)) return null;
  return [...said, { name, target: !said.some(({ target }) => target) }];
}
