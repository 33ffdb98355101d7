// A field for the name of a sub-task, with the names that other takes of the task have.

import { find, input, make, refill, toggleHidden } from "../shared/dom.js";
import { composes } from "./rows.js";

/**
 * @typedef {object} NamingActions
 * @property {(start: number, text: string) => void} name
 * @property {(start: number) => void} next goes on after a part was named by Enter
 * @property {() => void} changed
 */
/** @typedef {{start: number, text: string, offers: string[]}} Named a part, and names for it */

export class SubtaskNaming {
  /** @param {HTMLElement} element @param {NamingActions} actions */
  constructor(element, actions) {
    this.element = element;
    this.actions = actions;
    this.field = input(element, "input");
    this.list = find(element, "ul");
    /** @type {Named | null} */
    this.part = null;
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("input", () => actions.changed());
    this.field.addEventListener("blur", () => this.close(this.field.value));
  }

  /** Whether something typed is not saved. */
  get unsaved() {
    return this.part !== null && this.field.value.trim() !== this.part.text;
  }

  /** @param {Named} part @param {number} left CSS pixels */
  open(part, left) {
    this.part = part;
    this.element.style.setProperty("--left", `${left}px`);
    this.field.value = part.text;
    this.field.placeholder = part.text ? "" : (part.offers[0] ?? "Name of the sub-task");
    toggleHidden(this.element, false);
    refill(this.list, JSON.stringify(part.offers), () =>
      part.offers.map((name) => this.offer(name)),
    );
    this.field.focus();
    this.field.select();
  }

  /** @param {string} name */
  offer(name) {
    /** @param {PointerEvent} event before the field loses the focus */
    const onpointerdown = (event) => {
      event.preventDefault();
      this.enter(name);
    };
    return make("li", { onpointerdown }, name);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (composes(event)) return;
    const sign = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (sign) this.cycle(sign);
    else if (event.key === "Enter") this.enter(this.field.value.trim() || this.usual);
    else if (event.key === "Escape") this.close(this.part?.text ?? "");
    else return;
    event.preventDefault();
    event.stopPropagation(); // Enter may lead to the field of the next one
  }

  /** What Enter takes where nothing was typed. */
  get usual() {
    return (this.part?.text ? "" : this.part?.offers[0]) ?? "";
  }

  /** @param {number} sign */
  cycle(sign) {
    const names = this.part?.offers ?? [];
    if (!names.length) return;
    const at = names.indexOf(this.field.value);
    const next = at < 0 && sign < 0 ? names.length - 1 : (at + sign + names.length) % names.length;
    this.field.value = names[next];
    this.actions.changed();
  }

  /** @param {string} text */
  enter(text) {
    const { part } = this;
    this.close(text);
    if (part && !part.text && text) this.actions.next(part.start);
  }

  /** @param {string} text the name that it has from now on */
  close(text) {
    const { part } = this;
    this.part = null;
    this.field.blur(); // a field that is only hidden gets the next key still
    toggleHidden(this.element, true);
    if (part && text.trim() !== part.text) this.actions.name(part.start, text.trim());
    else this.actions.changed();
  }
}
