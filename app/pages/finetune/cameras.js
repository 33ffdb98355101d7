// Which of the takes' cameras a policy is to look through.

import { find, make, refill, setText, toggleClass } from "../shared/dom.js";

/** @import { TakeRow } from "../shared/messages" */
/**
 * What a base can look through: ``all`` cameras where nobody chose, else the first;
 * ``one`` at most.
 * @typedef {{all: boolean, one: boolean}} Ability
 */

export class CameraChoice {
  /** @param {HTMLElement} element @param {() => void} changed */
  constructor(element, changed) {
    this.element = element;
    this.changed = changed;
    /** @type {Map<string, boolean>} */
    this.said = new Map(); // what somebody chose, by camera
    /** @type {string[]} */
    this.names = []; // that all chosen takes have
    /** @type {Ability} */
    this.ability = { all: true, one: false };
  }

  get chosen() {
    const { names, said, ability } = this;
    const wanted = names.filter((name) => said.get(name) ?? (ability.all || name === names[0]));
    return ability.one ? wanted.slice(0, 1) : wanted;
  }

  /** @param {TakeRow[]} takes @param {Ability} ability */
  show(takes, ability) {
    const every = [...new Set(takes.flatMap(({ cameras }) => cameras))];
    this.names = every.filter((name) => takes.every(({ cameras }) => cameras.includes(name)));
    this.ability = ability;
    const { names, chosen } = this;
    refill(find(this.element, ".choices"), JSON.stringify([names, ability]), () =>
      names.map((name) => this.entry(name)),
    );
    const others = every.filter((name) => !names.includes(name));
    const note = find(this.element, ".note");
    setText(note, takes.length ? noteOf(names, others, chosen, ability) : "Choose takes first.");
    toggleClass(note, "urgent", takes.length && (!chosen.length || others.length));
  }

  /** @param {string} name */
  entry(name) {
    const { one } = this.ability;
    /** @type {HTMLInputElement} */
    const control = make("input", {
      type: one ? "radio" : "checkbox",
      name: "finetune-camera",
      value: name,
      checked: this.chosen.includes(name),
      onchange: () => this.choose(name, control.checked),
    });
    return make("label", { class: "check" }, control, name);
  }

  /** @param {string} name @param {boolean} on */
  choose(name, on) {
    if (this.ability.one) for (const each of this.names) this.said.set(each, false);
    this.said.set(name, on);
    this.changed();
  }
}

/**
 * @param {string[]} names
 * @param {string[]} others that only some takes have
 * @param {string[]} chosen
 * @param {Ability} ability
 */
function noteOf(names, others, chosen, { one }) {
  if (!names.length) return "These takes have no camera in common. Choose takes of one station.";
  const differ = others.length ? `Not all of these takes have ${others.join(", ")}.` : "";
  if (!chosen.length) return `${differ} Choose at least one camera.`.trim();
  return one && names.length > 1 ? `${differ} Action tokens are read off one.`.trim() : differ;
}
