// What the takes of the chosen task are told: its instruction, or one after the other of its wordings.

import { notify } from "../shared/notices.js";
import { station } from "../shared/station.js";
import { takes } from "../shared/takes.js";
import { coveredWords, isTemplate, MOST, nextVariant, variantsOf } from "./templates.js";

/** @import { Phase, Task } from "../shared/messages" */
/** @import { Variant } from "./templates.js" */

export class TaskWording {
  /**
   * @param {HTMLTextAreaElement} field
   * @param {() => Task | undefined} chosen
   */
  constructor(field, chosen) {
    this.field = field;
    this.chosen = chosen;
    /** How many wordings have takes, in words; "" where there is one alone. */
    this.covered = "";
    /** @type {Variant[]} */
    this.variants = [];
    this.variantsOf = "";
    this.own = ""; // what stands in the field unless somebody wrote something else
    this.plan = ""; // what the next take is told, where one follows
  }

  /** Whether the chosen task has several wordings. */
  get several() {
    const { instruction = "" } = this.chosen() ?? {};
    if (instruction !== this.variantsOf) {
      this.variantsOf = instruction;
      this.variants = variantsOf(instruction);
    }
    return this.variants.length > 0;
  }

  /** For the next take. @param {string[]} more what was said by takes that are not listed yet */
  next(more = []) {
    if (!this.several) return this.chosen()?.instruction ?? "";
    return nextVariant(this.variants, [...this.said, ...more]);
  }

  /** What the takes of the chosen task were told that did not fail. */
  get said() {
    const name = this.chosen()?.name;
    const running = station.state?.take?.id;
    const counted = takes.kept.filter(
      ({ id, task, success }) => task === name && success !== false && id !== running,
    );
    return counted.map(({ instruction }) => instruction);
  }

  /** @param {string} words */
  put(words) {
    this.field.value = this.own = words;
  }

  show() {
    this.covered = this.several ? coveredWords(this.variants, this.said) : "";
  }

  /** A template goes on as takes of it come, unless somebody wrote another. Whether it did. */
  goOn() {
    this.show();
    const may = this.several && station.driving && station.phase === "idle";
    const next = this.next();
    if (!may || this.field.value !== this.own || next === this.own) return false;
    this.put(next);
    return true;
  }

  /** What the take is told that follows one under review.
   * @param {string | undefined} reviewed @param {boolean} counts whether that one does */
  after(reviewed, counts) {
    if (!this.several) return this.field.value;
    const now = takes.find(reviewed)?.instruction ?? this.field.value;
    this.plan = this.next(counts ? [now] : []);
    return this.plan;
  }

  /** The plan stands in the field once it is what comes. @param {Phase} phase */
  follow(phase) {
    if (this.plan && phase === "countdown") this.put(this.plan);
    if (phase === "idle" || phase === "recording") this.plan = "";
  }
}

/** Whether an instruction can be saved as a task; says why not. @param {string} instruction */
export function canBeTask(instruction) {
  if (!instruction) notify("Write an instruction first; it becomes a task of its own.", "amber");
  const many = isTemplate(instruction) && !variantsOf(instruction).length;
  if (many) notify(`Give it alternatives that make between 1 and ${MOST} wordings.`, "amber");
  return Boolean(instruction) && !many;
}

/** Whether a take can be told this; says why not. @param {string} instruction */
export function canBeSaid(instruction) {
  const several = isTemplate(instruction);
  if (several) notify("Save the alternatives as a task first (+): each take is told one.", "amber");
  return !several;
}
