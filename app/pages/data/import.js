// Takes of others, or pictures without a robot, brought in as takes: a job, which goes on when the
// page is closed.

import { author } from "../shared/author.js";
import { counted } from "../shared/counted.js";
import { button, find, input, setDisabled } from "../shared/dom.js";
import { jobs } from "../shared/jobs.js";
import { bind } from "../shared/keys.js";
import { OwnJob } from "../shared/own_job.js";
import { takes } from "../shared/takes.js";

/** @import { Job } from "../shared/messages" */

export class TakeImport {
  /** @param {HTMLElement} page */
  constructor(page) {
    const element = find(page, ".import");
    this.source = input(element, ".source");
    this.start = button(element, ".start");
    const does = { outcome, heard: () => takes.refresh(), show: () => this.show() };
    this.own = new OwnJob(element, "import", does);
    this.start.addEventListener("click", () => this.begin());
    this.source.addEventListener("input", () => this.show());
    this.source.addEventListener("keydown", ({ key, isComposing }) => {
      if (key === "Enter" && !isComposing && !this.start.disabled) this.begin();
    });
    bind("data", "i", () => this.source.focus());
    jobs.watch(() => this.own.follow());
  }

  async begin() {
    await this.own.begin({ source: this.source.value.trim(), author: author.name });
  }

  show() {
    setDisabled(this.start, this.own.running || !this.source.value.trim());
    this.own.show();
  }
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
