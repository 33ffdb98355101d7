// Propagation in all takes that wait for it: a job, which goes on when the page is closed.

import { author } from "../shared/author.js";
import { connection } from "../shared/connection.js";
import { counted } from "../shared/counted.js";
import { button, setDisabled, setText } from "../shared/dom.js";
import { jobs } from "../shared/jobs.js";
import { bindButton } from "../shared/keys.js";
import { OwnJob } from "../shared/own_job.js";
import { takes } from "../shared/takes.js";

/** @import { Job } from "../shared/messages" */

const LEFT_ALONE = ["done", "approved"];

export class Batch {
  /** @param {HTMLElement} element @param {{propagator: string}} labeler has the name of the chosen one
   * @param {() => void} written told when masks may be new */
  constructor(element, labeler, written) {
    this.labeler = labeler;
    this.start = button(element, ".start");
    const heard = () => {
      takes.refresh();
      written();
    };
    this.own = new OwnJob(element, "propagate", { outcome, heard, show: () => this.show() });
    bindButton("label", this.start, () => this.begin());
    connection.on("label_changed", ({ take }) => {
      if (takes.find(take)?.masks === 0) takes.refresh(); // it may have its first one
    });
    takes.watch(() => this.show());
    jobs.watch(() => this.own.follow());
  }

  /** Takes that somebody clicked in and that are not labelled through. */
  get waiting() {
    return takes.kept.filter(
      ({ damaged, masks, labelled, review }) =>
        !damaged && masks > 0 && labelled < 1 && !LEFT_ALONE.includes(review),
    );
  }

  async begin() {
    await takes.refresh();
    const { propagator } = this.labeler;
    const config = { takes: this.waiting.map(({ id }) => id), author: author.name, propagator };
    if (config.takes.length) await this.own.begin(config);
  }

  show() {
    const { length } = this.waiting;
    setText(this.start.firstChild, `Propagate ${counted(length, "take")} `);
    setDisabled(this.start, this.own.running || !length);
    this.own.show();
  }
}

/** @param {Job} job */
function outcome({ state, result }) {
  if (state === "cancelled") return "Cancelled. Takes that were done keep their masks.";
  const why = takes.leftOut(result.left_out ?? {});
  return [`Done in ${result.takes} of ${(result.takes ?? 0) + why.length}.`, ...why].join(" ");
}
