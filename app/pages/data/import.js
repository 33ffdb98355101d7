// Takes of others, or pictures without a robot, brought in as takes: a job, which goes on when the
// page is closed.

import { author } from "../shared/author.js";
import { counted } from "../shared/counted.js";
import { button, find, input, select, setDisabled, toggleHidden } from "../shared/dom.js";
import { jobs } from "../shared/jobs.js";
import { bind } from "../shared/keys.js";
import { OwnJob } from "../shared/own_job.js";
import { takes } from "../shared/takes.js";

/** @import { Job } from "../shared/messages" */

export class TakeImport {
  /** @param {HTMLElement} page */
  constructor(page) {
    const element = find(page, ".import");
    this.element = element;
    this.format = select(element, ".format");
    /** @type {NodeListOf<HTMLElement>} what is asked for one format or another */
    this.told = element.querySelectorAll(".told");
    this.source = input(element, ".source");
    this.start = button(element, ".start");
    const does = { outcome, heard: () => takes.refresh(), show: () => this.show() };
    this.own = new OwnJob(element, "import", does);
    this.start.addEventListener("click", () => this.begin());
    this.source.addEventListener("input", () => this.show());
    this.source.addEventListener("keydown", ({ key, isComposing }) => {
      if (key === "Enter" && !isComposing && !this.start.disabled) this.begin();
    });
    this.format.addEventListener("change", () => this.show());
    bind("data", "i", () => this.source.focus());
    jobs.watch(() => this.own.follow());
  }

  async begin() {
    const { source, options } = this;
    await this.own.begin({ source: source.value.trim(), author: author.name, options });
  }

  /** @param {string} name */
  typed(name) {
    return input(this.element, name).value.trim();
  }

  /** What is said of the data set that it does not tell; nothing while its format is not chosen. */
  get options() {
    const format = this.format.value;
    if (format === "lerobot") return { format, ...this.columns };
    if (format === "rlbench") return { format, handles: handles(this.typed(".handles")) };
    return format ? { format, filter_key: this.typed(".filter") } : {};
  }

  get columns() {
    return {
      joints: this.typed(".joints"),
      gripper: this.typed(".gripper"),
      gripper_tells: select(this.element, ".tells").value,
      arm: select(this.element, ".arm").value || null,
    };
  }

  show() {
    setDisabled(this.start, this.own.running || !this.source.value.trim());
    for (const told of this.told) toggleHidden(told, told.dataset.format !== this.format.value);
    this.own.show();
  }
}

/** Of "93 red ball, 84 cup": what objects are called, by their handles.
 * @param {string} text
 * @returns {Record<string, string>} */
function handles(text) {
  const each = text.split(",").map((part) => part.trim());
  const pairs = each.filter(Boolean).map((part) => /^(\S+)\s*(.*)$/.exec(part) ?? ["", part, ""]);
  return Object.fromEntries(pairs.map(([, handle, name]) => [handle, name]));
}

/** @param {Job} job */
function outcome({ state, result }) {
  const { format, takes: made = 0, pictures = 0, masks = 0, there = 0 } = result;
  if (state === "cancelled") return "Cancelled. Takes that were whole by then are kept.";
  const asTakes = counted(made, "take");
  if (format === "pictures") {
    return `${counted(pictures, "picture")} with ${counted(masks, "mask")}, as ${asTakes}.`;
  }
  const why = Object.entries(result.left_out ?? {}).map(([place, reason]) => `${place}: ${reason}`);
  const before = there ? [`${counted(there, "episode")} had been imported before.`] : [];
  return [`${asTakes} imported.`, ...before, ...why].join(" ");
}
