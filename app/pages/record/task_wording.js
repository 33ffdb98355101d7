// What the takes of the chosen task are told: its instruction, or one after the other of its wordings.

import { notify } from "../shared/notices.js";
import { station } from "../shared/station.js";
import { takes } from "../shared/takes.js";
import { coveredWords, isTemplate, MOST, nextVariant, variantsOf } from "./templates.js";

/** @import { Task } from "../shared/messages" */
/** @import { Variant } from "./templates.js" */

export class TaskWording {
  /** @param {() => Task | undefined} chosen */
  constructor(chosen) {
    this.chosen = chosen;
    /** How many wordings have takes, in words; "" where there is one alone. */
    this.covered = "";
    /** @type {Variant[]} */
    this.variants = [];
    this.variantsOf = "";
  }

  /** Whether the chosen task has several wordings. */
  get several() {
    return this.read().length > 0;
  }

  read() {
    const { instruction = "" } = this.chosen() ?? {};
    if (instruction !== this.variantsOf) {
      this.variantsOf = instruction;
      this.variants = variantsOf(instruction);
    }
    return this.variants;
  }

  /** For the next take. @param {string[]} more what was said by takes that are not listed yet */
  next(more = []) {
    const variants = this.read();
    if (!variants.length) return this.chosen()?.instruction ?? "";
    return nextVariant(variants, [...this.said, ...more]);
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

  show() {
    this.covered = this.several ? coveredWords(this.variants, this.said) : "";
  }
}

/** Whether an instruction can be saved as a task; says why not. @param {string} instruction */
export function canBeTask(instruction) {
  if (!instruction) notify("Write an instruction first; it becomes a task of its own.", "amber");
  const many = isTemplate(instruction) && !variantsOf(instruction).length;
  if (many) notify(`These are more than ${MOST} wordings. Give it fewer alternatives.`, "amber");
  return Boolean(instruction) && !many;
}

/** Whether a take can be told this; says why not. @param {string} instruction */
export function canBeSaid(instruction) {
  const several = isTemplate(instruction);
  if (several) notify("Save the alternatives as a task first (+): each take is told one.", "amber");
  return !several;
}
