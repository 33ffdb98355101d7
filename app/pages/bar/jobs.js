// The running jobs, in the bar and as a list.

import { make, setText } from "../shared/dom.js";
import { duration, percent } from "../shared/format.js";
import { jobs } from "../shared/jobs.js";
import { openTab } from "../shared/tabs.js";

/** @import { Job } from "../shared/messages" */

const SHOWN = 8;
const CLICK_MS = 200;
/** Where other jobs than those of training are seen. @type {Record<string, string>} */
const TABS = {
  fetch: "setup",
  propagate: "label",
  "export-masks": "data",
  "export-takes": "data",
  archive: "data",
  remove: "data",
  import: "data",
};

export class JobList {
  /** @param {HTMLButtonElement} button */
  constructor(button) {
    this.button = button;
    this.closedAt = -Infinity;
    // The browser closes it with Escape, or with a click beside it.
    const attributes = {
      class: "tl-popover",
      popover: "auto",
      role: "group",
      "aria-label": "Jobs",
    };
    this.list = make("div", attributes);
    this.list.addEventListener("beforetoggle", () => (this.closedAt = performance.now()));
    document.body.append(this.list);
    jobs.watch(() => this.show());
  }

  /** A click on the button has closed an open list before it is heard here. */
  toggle() {
    if (performance.now() - this.closedAt < CLICK_MS) return;
    this.fill();
    this.list.togglePopover();
  }

  show() {
    const { running } = jobs;
    const { length } = running;
    const words = length ? `${length} job${length > 1 ? "s" : ""} · ${share(running[0])} ` : "";
    setText(this.button.firstChild, words || "No jobs ");
    if (this.list.matches(":popover-open")) this.fill();
  }

  fill() {
    const focused = /** @type {HTMLButtonElement} */ (document.activeElement);
    const at = this.buttons.indexOf(focused);
    const rows = jobs.all.slice(0, SHOWN).map((job) => this.row(job));
    const none = "No jobs yet. Fine-tune on a few labelled takes to start one.";
    const shown = rows.length ? make("ul", {}, ...rows) : make("p", { class: "empty" }, none);
    this.list.replaceChildren(shown);
    if (at >= 0) this.buttons[at]?.focus();
  }

  get buttons() {
    return [...this.list.querySelectorAll("button")];
  }

  /** @param {Job} job */
  row(job) {
    const left = job.eta_s ? ` · ${duration(job.eta_s)} left` : "";
    const open = () => {
      this.list.hidePopover();
      openTab(TABS[job.kind] ?? "finetune");
    };
    const name = make("span", {}, `${job.title} · ${job.state}${left}`);
    const progress = { max: 1, value: job.progress, "aria-label": job.title };
    return make(
      "li",
      {},
      make("button", { class: "quiet", onclick: open }, name, make("progress", progress)),
    );
  }
}

/** @param {Job} job */
const share = ({ progress }) => percent(progress);
