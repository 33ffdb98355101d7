// The right side of Label: instruction, wordings, objects, tools, propagation.

import { author } from "../shared/author.js";
import { find, make, refill, setDisabled, setText, toggleClass } from "../shared/dom.js";
import { bindButton } from "../shared/keys.js";
import { css } from "../shared/masks.js";
import { takes } from "../shared/takes.js";

/** "pick up the red cube" -> "red cube": a first name for the object to click on. */
export function likelyObject(instruction) {
  const after = instruction.match(/\bthe (.+)/i)?.[1] ?? "";
  return (
    after
      .split(
        / (?:to|on|onto|in|into|inside|from|towards|with|over|left|right|away|and)\b|[,.;]/i,
      )[0]
      .trim() || "object"
  );
}

export class LabelPanel {
  constructor(page, element) {
    this.page = page;
    this.element = element;
    this.chosen = null;
    this.boxing = false;
    this.instruction = find(element, "#label-instruction");
    this.instruction.addEventListener("change", () =>
      this.act("instruction", { instruction: this.instruction.value }),
    );
    find(element, ".add-paraphrase").addEventListener("click", () => this.addLine("paraphrases"));
    find(element, ".add-object").addEventListener("click", () => this.addLine("objects"));
    find(element, ".cancel").addEventListener("click", () => this.act("cancel"));
    const name = find(element, ".author input");
    name.addEventListener("focus", () => (name.value = author.name));
    name.addEventListener("change", () => (author.name = name.value));
    name.value = author.name;
    this.bindTools();
  }

  get store() {
    return this.page.store;
  }

  act(action, fields) {
    return this.store ? this.store.act(action, fields) : Promise.resolve(null);
  }

  bindTools() {
    const button = (name, run) => bindButton("label", find(this.element, `button.${name}`), run);
    button("box", () => this.box(!this.boxing));
    button("undo", () => this.act("undo"));
    button("redo", () => this.act("redo"));
    button("clear", () =>
      this.eachView((camera, frame) => this.act("clear", { camera, frame, object: this.chosen })),
    );
    button("lock", () => this.lock());
    button("propagate", () => this.act("propagate"));
    button("success", () => this.act("success", { success: this.store.success !== true }));
    button("done", () => this.done());
  }

  eachView(work) {
    for (const { camera } of this.page.stages) {
      const frame = this.page.detail ? this.page.frameOf(camera) : undefined;
      if (frame !== undefined) work(camera, frame);
    }
  }

  lock() {
    const locked = !this.locked;
    this.eachView((camera, frame) => this.act("lock", { camera, frame, locked }));
  }

  get locked() {
    let locked = false;
    this.eachView(
      (camera, frame) => (locked ||= this.store.byFrame()[camera]?.[frame]?.locked ?? false),
    );
    return locked;
  }

  async done() {
    if (await this.act("review", { review: "done" })) {
      await takes.refresh();
      const next = this.page.queue.next();
      if (next) this.page.open(next);
    }
  }

  box(on) {
    this.boxing = on;
    find(this.element, "button.box").setAttribute("aria-pressed", String(on));
    for (const { over } of this.page.stages) over.style.cursor = on ? "crosshair" : "";
  }

  opened() {
    const { objects } = this.store;
    this.chosen = (objects.find((object) => object.target) ?? objects[0])?.name ?? null;
    this.progressed({ state: this.store.propagating ? "running" : "idle" });
  }

  nextObject() {
    const names = this.store?.objects.map((object) => object.name) ?? [];
    if (names.length) this.choose(names[(names.indexOf(this.chosen) + 1) % names.length]);
  }

  choose(name) {
    this.chosen = name;
    this.page.show();
  }

  /** The object that a click is about; the first click names one after the instruction. */
  async objectForClick() {
    if (!this.store) return null;
    if (this.chosen) return this.chosen;
    const name = likelyObject(this.store.instruction);
    const patch = await this.act("objects", {
      objects: [...this.store.objects, { name, target: true }],
    });
    if (patch) this.chosen = name;
    return patch ? name : null;
  }

  progressed(message) {
    this.running = message.state === "running";
    find(this.element, ".progress").hidden = !this.running;
    find(this.element, "progress").value = message.progress ?? 0;
    if (message.state === "failed") this.store.problem = message.message;
    if (message.state === "done") takes.refresh();
  }

  show() {
    const { store } = this;
    const take = store && takes.find(store.take);
    setText(find(this.element, ".title"), store ? `Take ${take?.number ?? ""}` : "No take");
    setText(find(this.element, ".saved"), store?.saved ?? "");
    toggleClass(find(this.element, ".saved"), "bad", Boolean(store?.problem));
    const usable = ":is(button, input):not(.away *, .author *)";
    for (const node of this.element.querySelectorAll(usable)) setDisabled(node, !store);
    if (!store) return;
    this.showFields(store);
    this.showTools(store);
  }

  showFields(store) {
    if (document.activeElement !== this.instruction) this.instruction.value = store.instruction;
    this.showList("paraphrases", store.paraphrases, (text, index) => this.paraphrase(text, index));
    this.showList(
      "objects",
      store.objects,
      (object, index) => this.object(object, index),
      this.chosen,
    );
  }

  showList(name, items, build, also = "") {
    const list = find(this.element, `.${name}`);
    // Nothing is taken away from under somebody who types.
    if (document.activeElement?.matches("input") && list.contains(document.activeElement)) return;
    refill(list, JSON.stringify([items, also]), () => items.map(build));
  }

  showTools(store) {
    setDisabled(find(this.element, ".undo"), !store.can_undo);
    setDisabled(find(this.element, ".redo"), !store.can_redo);
    setDisabled(find(this.element, ".propagate"), this.running || !store.objects.length);
    find(this.element, "button.lock").setAttribute("aria-pressed", String(this.locked));
    find(this.element, "button.success").setAttribute(
      "aria-pressed",
      String(store.success === true),
    );
    setText(find(this.element, ".hint"), this.hint(store));
  }

  hint(store) {
    if (!store.prompts.length)
      return "Left click on the object, right click on what is not part of it.";
    if (!store.masks.size) return "Then P spreads the mask over the take.";
    return "N shows where it is least sure; click there, then P again.";
  }

  paraphrase(text, index) {
    const replace = (value) =>
      this.act("paraphrases", {
        paraphrases: this.store.paraphrases
          .map((old, at) => (at === index ? value : old))
          .filter((each) => each.trim()),
      });
    return make(
      "li",
      {},
      make("input", {
        value: text,
        maxlength: 300,
        "aria-label": `Wording ${index + 1}`,
        onchange: (event) => replace(event.target.value),
      }),
      make(
        "button",
        {
          class: "quiet icon",
          "aria-label": `Remove wording ${index + 1}`,
          onclick: () => replace(""),
        },
        "×",
      ),
    );
  }

  object({ name, target }, index) {
    const replace = (object) =>
      this.act("objects", {
        objects: this.store.objects.map((old, at) => (at === index ? object : old)).filter(Boolean),
      });
    return make(
      "li",
      { class: name === this.chosen ? "chosen" : "" },
      make(
        "button",
        {
          class: "quiet name",
          "aria-pressed": String(name === this.chosen),
          onclick: () => this.choose(name),
        },
        make("i", { style: `background:${css(index)}` }),
        name,
      ),
      make(
        "button",
        {
          class: "quiet",
          "aria-pressed": String(target),
          title: "The instruction is about this object",
          onclick: () => replace({ name, target: !target }),
        },
        "target",
      ),
      make(
        "button",
        {
          class: "quiet icon",
          "aria-label": `Remove ${name}`,
          onclick: () => this.remove(name, replace),
        },
        "×",
      ),
    );
  }

  async remove(name, replace) {
    await replace(null);
    if (this.chosen === name) this.choose(this.store.objects[0]?.name ?? null);
  }

  /** A new line to type in; Enter or leaving it adds what was typed. */
  addLine(kind) {
    if (!this.store) return;
    const list = find(this.element, `.${kind}`);
    const input = make("input", {
      maxlength: 300,
      "aria-label": kind === "objects" ? "Name of the object" : "Another wording",
      onblur: () => this.added(kind, input.value),
      onkeydown: (event) => event.key === "Enter" && input.blur(),
    });
    delete list.dataset.signature;
    list.append(make("li", {}, input));
    input.focus();
  }

  async added(kind, value) {
    const text = value.trim();
    const item =
      kind === "objects" ? { name: text, target: this.store.objects.length === 0 } : text;
    if (text) await this.act(kind, { [kind]: [...this.store[kind], item] });
    if (text && kind === "objects") this.chosen = text;
    delete find(this.element, `.${kind}`).dataset.signature;
    this.page.show();
  }
}
