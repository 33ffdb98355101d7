// Data: the list of all takes, and a player for the one that is chosen.

import { api } from "../shared/api.js";
import { author } from "../shared/author.js";
import { find, make, refill, setDisabled, setText } from "../shared/dom.js";
import { bind, bindButton } from "../shared/keys.js";
import { notify, saying } from "../shared/notices.js";
import { Player } from "../shared/playback.js";
import { onOpen, openTab } from "../shared/tabs.js";
import { takes } from "../shared/takes.js";

export function mount(element) {
  return new DataPage(element);
}

class DataPage {
  constructor(element) {
    this.element = element;
    this.search = find(element, ".search");
    this.which = find(element, ".which");
    this.rows = find(element, "tbody");
    const canvases = Object.fromEntries(
      [...element.querySelectorAll(".camera")].map((figure) => [
        figure.dataset.camera,
        find(figure, "canvas"),
      ]),
    );
    this.player = new Player(find(element, ".player .playback"), canvases);
    this.search.addEventListener("input", () => this.show());
    this.which.addEventListener("change", () => this.show());
    this.bindKeys();
    takes.watch(() => this.show());
    onOpen("data", element, () => takes.refresh());
  }

  bindKeys() {
    const { player } = this;
    bind(
      "data",
      "k",
      "Play or pause",
      () => player.toggle(),
      () => Boolean(this.chosen),
    );
    bind(
      "data",
      "ArrowLeft",
      "Previous frame",
      () => player.step(-1),
      () => Boolean(this.chosen),
    );
    bind(
      "data",
      "ArrowRight",
      "Next frame",
      () => player.step(1),
      () => Boolean(this.chosen),
    );
    bind("data", "ArrowUp", "Take above", () => this.move(-1));
    bind("data", "ArrowDown", "Take below", () => this.move(1));
    bind("data", "/", "Search", () => this.search.focus());
    bindButton("data", find(this.element, ".to-label"), () =>
      openTab("label", { take: this.chosen }),
    );
    bindButton("data", find(this.element, ".bin"), () => this.toggleBin());
  }

  get list() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = {
      kept: (take) => !take.deleted,
      bin: (take) => take.deleted,
      damaged: (take) => take.damaged,
    }[this.which.value];
    const text = (take) =>
      `${take.number} ${take.instruction} ${take.task} ${take.operator} ${take.created}`.toLowerCase();
    return takes.all.filter(
      (take) => fits(take) && words.every((word) => text(take).includes(word)),
    );
  }

  move(count) {
    const ids = this.list.map((take) => take.id);
    const next = ids[Math.min(ids.length - 1, Math.max(0, ids.indexOf(this.chosen) + count))];
    if (next) this.choose(next);
  }

  async choose(id) {
    this.chosen = id;
    this.show();
    const take = takes.find(id);
    if (!take.damaged) await saying(() => this.player.open(id));
  }

  async toggleBin() {
    const take = takes.find(this.chosen);
    if (!take) return;
    const path = `/api/takes/${take.id}/${take.deleted ? "restore" : "bin"}`;
    await saying(() => api.post(path, { author: author.name }));
    notify(take.deleted ? `Take ${take.number} is back.` : `Take ${take.number} is in the bin.`);
    this.chosen = null;
    this.player.close();
    await takes.refresh();
  }

  show() {
    const { list } = this;
    const seconds = list.reduce((sum, take) => sum + take.duration_s, 0);
    setText(
      find(this.element, ".list .total"),
      list.length ? `${list.length} · ${(seconds / 60).toFixed(1)} min` : "",
    );
    refill(this.rows, JSON.stringify([list, this.chosen]), () =>
      list.length ? list.map((take) => this.row(take)) : [this.empty()],
    );
    this.showChosen();
  }

  empty() {
    const text = takes.all.length ? "No take fits." : "No takes yet. Record one first.";
    return make("tr", {}, make("td", { colspan: 7, class: "empty" }, text));
  }

  row(take) {
    const verdict = take.success === true ? "✓" : take.success === false ? "✗" : "";
    const labels =
      take.review === "done" || take.review === "approved"
        ? take.review
        : take.labelled
          ? `${Math.round(100 * take.labelled)} %`
          : "–";
    const recorded = take.created
      ? new Date(take.created).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })
      : "";
    const cells = [take.instruction || take.damaged, recorded];
    const open = make(
      "button",
      { class: "quiet", onclick: () => this.choose(take.id) },
      String(take.number),
    );
    return make(
      "tr",
      { "aria-selected": String(take.id === this.chosen), onclick: () => this.choose(take.id) },
      make("td", {}, open),
      ...cells.map((text) => make("td", {}, text)),
      make("td", { class: "number" }, `${take.duration_s.toFixed(1)} s`),
      make("td", {}, verdict),
      make("td", {}, labels),
      make("td", {}, take.operator),
    );
  }

  showChosen() {
    const take = takes.find(this.chosen);
    setText(find(this.element, ".player .title"), take ? `Take ${take.number}` : "No take chosen");
    for (const node of this.element.querySelectorAll(".player button, .player input"))
      setDisabled(node, !take);
    const bin = find(this.element, ".bin");
    setText(bin.firstChild, take?.deleted ? "Take back " : "To the bin ");
    const facts = take ? this.facts(take) : [];
    refill(find(this.element, ".facts"), JSON.stringify(facts), () =>
      facts.flatMap(([term, text]) => [make("dt", {}, term), make("dd", {}, text)]),
    );
  }

  facts(take) {
    return [
      ["Id", take.id],
      ["Instruction", take.instruction],
      ["Task", take.task],
      ["Objects", take.targets.join(", ")],
      ["Lost pictures", take.dropped ? String(take.dropped) : ""],
      ["Interrupted", take.interrupted],
      ["Damaged", take.damaged],
    ].filter(([, text]) => text);
  }
}
