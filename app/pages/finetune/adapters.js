// Adapters as cards: what they learned from, and what it was good for.

import { api } from "../shared/api.js";
import { counted } from "../shared/counted.js";
import { find, make, refill, setText } from "../shared/dom.js";
import { day, percent } from "../shared/format.js";
import { scenesOf } from "../shared/job_words.js";
import { notify, saying } from "../shared/notices.js";
import { openTab } from "../shared/tabs.js";
import { offlineLine } from "./offline.js";

/** @import { Adapter, DamagedAdapter, Scores } from "../shared/messages" */

const ROLLOUTS = 20;
const REPLAYED =
  "Replay: the nearest of its takes, moved to where the object is. Training should beat that.";

export class AdapterCards {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.list = find(element, "ol");
  }

  async refresh() {
    const answer = await saying(() => api.get("/api/adapters"));
    if (answer) this.show(answer.adapters, answer.damaged);
  }

  /** @param {Adapter[]} adapters @param {DamagedAdapter[]} damaged */
  show(adapters, damaged) {
    const count = adapters.length + damaged.length;
    setText(find(this.element, ".total"), count ? String(count) : "");
    refill(this.list, JSON.stringify([adapters, damaged]), () =>
      count
        ? [
            ...adapters.map((adapter) => this.card(adapter)),
            ...damaged.map((adapter) => this.damagedCard(adapter)),
          ]
        : [empty()],
    );
  }

  /** @param {Adapter} adapter */
  card(adapter) {
    /** @type {HTMLInputElement} */
    const name = make("input", {
      value: adapter.name,
      maxlength: 80,
      "aria-label": "Name of the adapter",
      onchange: () => this.rename(adapter, name.value),
    });
    const { length } = adapter.takes;
    const takes = counted(length, "take");
    const stopped = adapter.stopped && `stopped ${adapter.stopped}`;
    const parts = [stopped, adapter.base, takes, adapter.preset, day(adapter.created)];
    const facts = parts.filter(Boolean).join(" · ");
    const offline = offlineLine(adapter.offline);
    const rollOut = () => openTab("rollout", { adapter: adapter.id });
    const buttons = make(
      "div",
      { class: "row three" },
      make("button", { class: "primary", onclick: rollOut }, "Roll out"),
      make("button", { onclick: () => evaluate(adapter) }, "Evaluate"),
      this.binButton(adapter.id, adapter.name),
    );
    return make(
      "li",
      { class: "card", dataset: { adapter: adapter.id } },
      name,
      success(adapter.evaluation),
      earlier(adapter.earlier),
      offline ? make("p", { class: "facts", title: offline }, offline) : null,
      make("p", { class: "facts", title: facts }, facts),
      buttons,
    );
  }

  /** @param {DamagedAdapter} adapter */
  damagedCard({ id, reason }) {
    return make(
      "li",
      { class: "card", dataset: { adapter: id } },
      make("b", {}, id),
      make("p", { class: "urgent reason" }, `Its card is damaged. ${reason}`),
      make("div", { class: "row" }, this.binButton(id, id)),
    );
  }

  /** @param {string} id @param {string} name */
  binButton(id, name) {
    return make("button", { class: "quiet", onclick: () => this.remove(id, name) }, "To the bin");
  }

  /** @param {Adapter} adapter @param {string} name */
  async rename(adapter, name) {
    await saying(() => api.patch(`/api/adapters/${adapter.id}`, { name }));
    await this.refresh();
  }

  /** @param {string} id @param {string} name */
  async remove(id, name) {
    const removed = await saying(() => api.remove(`/api/adapters/${id}`));
    if (removed) notify(`${name} is in the bin.`, "", () => this.restore(id, name));
    await this.refresh();
  }

  /** @param {string} id @param {string} name */
  async restore(id, name) {
    const back = await saying(() => api.post(`/api/adapters/${id}/restore`));
    if (back) notify(`${name} is back.`);
    await this.refresh();
  }
}

function empty() {
  const how = "A finished fine-tuning leaves one here.";
  return make("li", { class: "empty" }, make("b", {}, "No adapters yet"), how);
}

/** @param {Scores | null} found */
function success(found) {
  if (!found) return make("p", { class: "success none" }, "not evaluated yet");
  const { before, after, replay, rollouts } = found;
  const was = before === null ? "" : `${percent(before)} → `;
  const beside = replay === null ? "" : `Replay ${percent(replay)}`;
  const facts = [scenesOf(found), beside].filter(Boolean).join(" · ");
  return make(
    "p",
    { class: "success" },
    make("span", {}, was),
    make("b", {}, percent(after)),
    ` of ${rollouts} layouts`,
    make("small", { title: replay === null ? "" : REPLAYED }, facts && ` ${facts}`),
  );
}

/** What was found before, the newest of it. @param {Scores[]} all */
function earlier(all) {
  const texts = all.map(({ before, after, rollouts, created }) => {
    const was = before === null ? "" : `${percent(before)} → `;
    return `${was}${percent(after)} of ${rollouts}${created === null ? "" : `, ${day(created)}`}`;
  });
  if (!texts.length) return null;
  const more = texts.length > 1 ? `, and ${texts.length - 1} more` : "";
  return make("p", { class: "facts", title: texts.join("\n") }, `Earlier: ${texts[0]}${more}`);
}

/** @param {Adapter} adapter */
async function evaluate(adapter) {
  const config = { adapter: adapter.id, rollouts: ROLLOUTS };
  const job = await saying(() => api.post("/api/jobs", { kind: "compare", config }));
  if (job) notify(`${adapter.name} and its base are tried on ${ROLLOUTS} unseen layouts.`);
}
