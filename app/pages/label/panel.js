// The right side of Label: instruction, wordings, objects, tools, propagation.

import { author } from "../shared/author.js";
import {
  button,
  controls,
  find,
  input,
  refill,
  setDisabled,
  setText,
  toggleClass,
  toggleHidden,
} from "../shared/dom.js";
import { bindButton } from "../shared/keys.js";
import { takes } from "../shared/takes.js";
import { added, objectRow, wordingRow } from "./rows.js";

/** @import { LabelFields, LabelProgress, ObjectLabel, TakeDetail } from "../shared/messages" */
/** @import { LabelStore } from "./store.js" */
/** @import { Stage } from "./stage.js" */
/**
 * What the panel needs of its page.
 * @typedef {object} Page
 * @property {LabelStore | null} store
 * @property {{detail: TakeDetail} | null} take
 * @property {Stage[]} stages
 * @property {{next: () => string | undefined}} queue
 * @property {(camera: string) => number | undefined} frameOf
 * @property {(take: string) => void} open
 * @property {() => void} show
 */

const END = / (?:to|on|onto|in|into|inside|from|towards|with|over|left|right|away|and)\b|[,.;]/i;

/** "pick up the red cube" -> "red cube": a first name for the object to click on.
 * @param {string} instruction */
function likelyObject(instruction) {
  const after = instruction.match(/\bthe (.+)/i)?.[1] ?? "";
  return after.split(END)[0].trim() || "object";
}

export class LabelPanel {
  /** @param {Page} page @param {HTMLElement} element */
  constructor(page, element) {
    this.page = page;
    this.element = element;
    /** @type {string | null} */
    this.chosen = null;
    this.boxing = false;
    this.running = false;
    this.instruction = find(element, "#label-instruction", HTMLTextAreaElement);
    this.instruction.addEventListener("change", () =>
      this.act("instruction", { instruction: this.instruction.value }),
    );
    find(element, ".add-paraphrase").addEventListener("click", () => this.addLine("paraphrases"));
    find(element, ".add-object").addEventListener("click", () => this.addLine("objects"));
    find(element, ".cancel").addEventListener("click", () => this.act("cancel"));
    this.bindAuthor();
    this.bindTools();
  }

  bindAuthor() {
    const name = input(this.element, ".author input");
    name.addEventListener("focus", () => (name.value = author.name));
    name.addEventListener("change", () => (author.name = name.value));
    name.value = author.name;
  }

  /** @param {string} action @param {object} fields */
  act(action, fields = {}) {
    return this.page.store?.act(action, fields) ?? Promise.resolve(null);
  }

  bindTools() {
    /** @param {string} name @param {() => unknown} run */
    const bound = (name, run) => bindButton("label", this.button(name), run);
    bound("box", () => this.box(!this.boxing));
    bound("undo", () => this.act("undo"));
    bound("redo", () => this.act("redo"));
    bound("clear", () => this.clear());
    bound("lock", () => this.lock());
    bound("propagate", () => this.act("propagate"));
    bound("success", () =>
      this.act("success", { success: this.page.store?.said.success !== true }),
    );
    bound("done", () => this.done());
  }

  /** @param {string} name */
  button(name) {
    return button(this.element, `button.${name}`);
  }

  /** The frame of each camera that is shown. @returns {{camera: string, frame: number}[]} */
  get places() {
    const shown = this.page.stages.map(({ camera }) => ({
      camera,
      frame: this.page.frameOf(camera) ?? -1,
    }));
    return shown.filter(({ frame }) => frame >= 0);
  }

  clear() {
    for (const place of this.places) this.act("clear", { ...place, object: this.chosen });
  }

  lock() {
    const locked = !this.locked;
    for (const place of this.places) this.act("lock", { ...place, locked });
  }

  get locked() {
    const summary = this.page.store?.byFrame() ?? {};
    return this.places.some(({ camera, frame }) => summary[camera]?.[frame]?.locked);
  }

  async done() {
    if (!(await this.act("review", { review: "done" }))) return;
    await takes.refresh();
    const next = this.page.queue.next();
    if (next) this.page.open(next);
  }

  /** @param {boolean} on */
  box(on) {
    this.boxing = on;
    this.button("box").setAttribute("aria-pressed", String(on));
  }

  opened() {
    const { objects = [], propagating = false } = this.page.store?.said ?? {};
    this.chosen = (objects.find((object) => object.target) ?? objects[0])?.name ?? null;
    this.progressed({ take: "", state: propagating ? "running" : "idle" });
  }

  nextObject() {
    const names = this.page.store?.said.objects.map((object) => object.name) ?? [];
    if (!names.length) return;
    this.choose(names[(names.indexOf(this.chosen ?? "") + 1) % names.length]);
  }

  /** @param {string | null} name */
  choose(name) {
    this.chosen = name;
    this.page.show();
  }

  /** The object that a click is about; the first click names one after the instruction. */
  async objectForClick() {
    const { store } = this.page;
    if (!store || this.chosen) return this.chosen;
    const name = likelyObject(store.said.instruction);
    const objects = [...store.said.objects, { name, target: true }];
    if (await this.act("objects", { objects })) this.chosen = name;
    return this.chosen;
  }

  /** @param {LabelProgress} message */
  progressed(message) {
    this.running = message.state === "running";
    toggleHidden(find(this.element, ".progress"), !this.running);
    find(this.element, "progress", HTMLProgressElement).value = message.progress ?? 0;
    const { store } = this.page;
    if (message.state === "failed" && store) store.problem = message.message ?? "It failed.";
    if (message.state === "done") takes.refresh();
  }

  show() {
    const { store } = this.page;
    const saved = find(this.element, ".saved");
    setText(
      find(this.element, ".title"),
      store ? `Take ${takes.find(store.take)?.number ?? ""}` : "No take",
    );
    setText(saved, store?.saved ?? "");
    toggleClass(saved, "bad", store?.problem);
    const usable = ":is(button, input, textarea):not(.away *, .author *)";
    for (const node of controls(this.element, usable)) setDisabled(node, !store);
    if (!store) return;
    this.showFields(store.said);
    this.showTools(store);
  }

  /** @param {LabelFields} said */
  showFields(said) {
    if (document.activeElement !== this.instruction) this.instruction.value = said.instruction;
    this.showList("paraphrases", said.paraphrases, (text, index) => this.wording(text, index));
    const object = (/** @type {ObjectLabel} */ each, /** @type {number} */ index) =>
      this.object(each, index);
    this.showList("objects", said.objects, object, this.chosen);
  }

  /**
   * @template T
   * @param {string} name
   * @param {T[]} items
   * @param {(item: T, index: number) => Node} build
   * @param {string | null} also what the list depends on, too
   */
  showList(name, items, build, also = null) {
    const list = find(this.element, `.${name}`);
    // Nothing is taken away from under somebody who types.
    const active = document.activeElement;
    if (active?.matches("input") && list.contains(active)) return;
    refill(list, JSON.stringify([items, also]), () => items.map(build));
  }

  /** @param {LabelStore} store */
  showTools(store) {
    const { said } = store;
    setDisabled(this.button("undo"), !said.can_undo);
    setDisabled(this.button("redo"), !said.can_redo);
    setDisabled(this.button("propagate"), this.running || !said.objects.length);
    this.button("lock").setAttribute("aria-pressed", String(this.locked));
    this.button("success").setAttribute("aria-pressed", String(said.success === true));
    setText(find(this.element, ".hint"), hint(store));
  }

  /** @param {string} text @param {number} index */
  wording(text, index) {
    return wordingRow(text, index, (value) => {
      const all = this.page.store?.said.paraphrases.map((old, at) => (at === index ? value : old));
      this.act("paraphrases", { paraphrases: all?.filter((each) => each.trim()) });
    });
  }

  /** @param {ObjectLabel} label @param {number} index */
  object(label, index) {
    /** @param {ObjectLabel | null} changed */
    const replace = (changed) => {
      const all = this.page.store?.said.objects.map((old, at) => (at === index ? changed : old));
      return this.act("objects", { objects: all?.filter(Boolean) });
    };
    return objectRow(label, index, label.name === this.chosen, {
      choose: () => this.choose(label.name),
      aim: () => replace({ ...label, target: !label.target }),
      remove: () => this.remove(label.name, () => replace(null)),
    });
  }

  /** @param {string} name @param {() => Promise<unknown>} take */
  async remove(name, take) {
    await take();
    if (this.chosen === name) this.choose(this.page.store?.said.objects[0]?.name ?? null);
  }

  /** A new line to type in; Enter or leaving it adds what was typed.
   * @param {"paraphrases" | "objects"} kind */
  addLine(kind) {
    if (!this.page.store) return;
    const list = find(this.element, `.${kind}`);
    delete list.dataset.signature;
    added(list, kind, (text) => this.add(kind, text));
  }

  /** @param {"paraphrases" | "objects"} kind @param {string} text */
  async add(kind, text) {
    const { said } = this.page.store ?? {};
    if (text && said) {
      const item = kind === "objects" ? { name: text, target: !said.objects.length } : text;
      await this.act(kind, { [kind]: [...said[kind], item] });
      if (kind === "objects") this.chosen = text;
    }
    delete find(this.element, `.${kind}`).dataset.signature;
    this.page.show();
  }
}

/** @param {LabelStore} store */
function hint({ said, masks }) {
  if (!said.prompts.length)
    return "Left click on the object, right click on what is not part of it.";
  if (!masks.size) return "Then P spreads the mask over the take.";
  return "N shows where it is least sure; click there, then P again.";
}
