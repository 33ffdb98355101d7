// Data: the list of all takes, and a player for the one that is chosen.

import {
  button,
  canvas,
  controls,
  find,
  input,
  make,
  refill,
  select,
  setDisabled,
  setText,
} from "../shared/dom.js";
import { ending, verdict } from "../shared/ending.js";
import { showFigures } from "../shared/figures.js";
import { bind, bindButton } from "../shared/keys.js";
import { askNote } from "../shared/note.js";
import { saying } from "../shared/notices.js";
import { camerasOf, openTake, Player } from "../shared/playback.js";
import { replay, replayCheck } from "../shared/replay.js";
import { agentName, station } from "../shared/station.js";
import { onOpen, openTab } from "../shared/tabs.js";
import { shift } from "../shared/take_moves.js";
import { takes } from "../shared/takes.js";
import { TakeArchive } from "./archive.js";
import { Bin } from "./bin.js";
import { BulkBar } from "./bulk_bar.js";
import { CountedPart } from "./counted_part.js";
import { TakeCurves } from "./curves.js";
import { MaskExport } from "./export.js";
import { TakeImport } from "./import.js";
import { TakeMarks } from "./marks.js";
import { TakeOrder } from "./order.js";
import { TakePaths } from "./paths.js";
import { queryOf } from "./query.js";
import { TakeStatistics } from "./statistics.js";
import { TakeExport } from "./take_export.js";
import { TakeMasks } from "./take_masks.js";
import { workOn } from "./work.js";

/** @import { Camera, TakeRow } from "../shared/messages" */

const COLUMNS = 8;
const AT_ONCE = 100; // rows; more as somebody comes near the end of them
const NEAR_PX = 600;
const THUMBNAIL_MS = 250; // after its row
/** @type {Record<string, (take: TakeRow) => boolean>} */
const FILTERS = {
  kept: (take) => !take.deleted,
  bin: (take) => take.deleted,
  odd: (take) => !take.deleted && take.findings.length > 0,
  damaged: (take) => Boolean(take.damaged),
};

/** @param {HTMLElement} element */
export function mount(element) {
  return new DataPage(element);
}

class DataPage {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.search = input(element, ".search");
    this.which = select(element, ".which");
    this.rows = find(element, "tbody");
    this.table = find(element, ".table");
    this.order = new TakeOrder(element, () => this.showFirst());
    this.shown = AT_ONCE;
    /** @type {{of: TakeRow[], key: string, list: TakeRow[]}} */
    this.found = { of: [], key: "", list: [] };
    /** @type {string | null} */
    this.chosen = null;
    /** @type {[term: string, text: string][]} */
    this.work = []; // on its labels
    this.near = ""; // how near the chosen take came to the one that it went along
    this.player = new Player(find(element, ".player .playback"));
    this.counted = new CountedPart(element, this.player);
    this.curves = new TakeCurves(element, this.player);
    this.takeMasks = new TakeMasks(element, this.player);
    this.marks = new TakeMarks(this);
    this.masks = new MaskExport(element, this.marks);
    this.export = new TakeExport(element, this.marks);
    this.import = new TakeImport(element);
    this.bulk = new BulkBar(element, this.marks);
    this.archive = new TakeArchive(element, this.marks);
    this.bin = new Bin(element, this.marks, () => this.list);
    this.all = input(element, ".list .all");
    this.all.addEventListener("change", () => this.marks.toggleAll());
    this.statistics = new TakeStatistics(element, this.marks);
    this.paths = new TakePaths(element, this.marks, (id) => this.choose(id));
    this.search.addEventListener("input", () => this.showFirst());
    this.which.addEventListener("change", () => this.showFirst());
    this.table.addEventListener("scroll", () => this.showMore());
    this.bindKeys();
    this.showCameras([]);
    takes.watch(() => {
      this.show();
      this.counted.look();
    });
    station.listeners.add(() => this.allowReplay());
    onOpen("data", element, () => takes.refresh());
  }

  bindKeys() {
    const { player } = this;
    const chosen = () => this.chosen !== null;
    bind("data", "k", () => player.toggle(), chosen);
    bind("data", "ArrowLeft", () => player.step(-1), chosen, true);
    bind("data", "ArrowRight", () => player.step(1), chosen, true);
    bind("data", "ArrowUp", () => this.move(-1));
    bind("data", "ArrowDown", () => this.move(1));
    bind("data", "/", () => this.search.focus());
    const label = () => openTab("label", { take: this.chosen });
    bindButton("data", button(this.element, ".to-label"), label);
    bindButton("data", button(this.element, ".replay"), () => this.chosen && replay(this.chosen));
    bindButton("data", button(this.element, ".bin"), () => this.toggleBin());
    bindButton("data", button(this.element, ".note"), () => this.chosen && askNote(this.chosen));
  }

  /** Found once, for all that ask what is listed. */
  get list() {
    const asked = [this.search.value, this.which.value, this.order.column, this.order.falls];
    const key = JSON.stringify(asked);
    if (this.found.of !== takes.all || this.found.key !== key) {
      const fits = FILTERS[this.which.value];
      const query = queryOf(this.search.value);
      const list = takes.all.filter((take) => fits(take) && query(take));
      this.found = { of: takes.all, key, list: this.order.sorted(list) };
    }
    return this.found.list;
  }

  /** @param {number} count */
  move(count) {
    const ids = this.list.map((take) => take.id);
    const at = ids.indexOf(this.chosen ?? "") + count;
    const place = Math.min(ids.length - 1, Math.max(0, at));
    if (place >= this.shown) this.shown += AT_ONCE;
    if (ids[place]) this.choose(ids[place]);
    this.rows.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  /** @param {string} id */
  async choose(id) {
    this.chosen = id;
    this.near = "";
    this.work = [];
    this.show();
    if (takes.find(id)?.damaged) return;
    const detail = await saying(() => openTake(id));
    const near = takes.find(id)?.replay_of ? await replayCheck(id).catch(() => "") : "";
    const work = await workOn(id).catch(() => []); // of labels that cannot be read: nothing
    if (!detail || this.chosen !== id) return;
    Object.assign(this, { near, work });
    this.showChosen();
    this.showCameras(camerasOf(detail));
    this.player.open(detail);
    this.counted.look();
    this.curves.look();
    this.takeMasks.look();
  }

  /** @param {Camera[]} cameras */
  showCameras(cameras) {
    showFigures(find(this.element, ".views"), cameras, {}, (figures) => {
      const canvases = figures.map((each) => [each.dataset.camera, canvas(each, ".picture")]);
      this.player.canvases = Object.fromEntries(canvases);
    });
  }

  async toggleBin() {
    const take = takes.find(this.chosen);
    if (take) await shift(take.id, take.deleted ? "restore" : "bin");
  }

  /** What the list does not show cannot be acted on. @param {TakeRow[]} list */
  drop(list) {
    if (this.chosen === null || list.some((take) => take.id === this.chosen)) return;
    this.chosen = null;
    this.player.close();
    this.showCameras([]);
  }

  /** Another list, from its beginning. */
  showFirst() {
    this.table.scrollTop = 0;
    this.shown = AT_ONCE;
    this.show();
  }

  showMore() {
    const { scrollTop, clientHeight, scrollHeight } = this.table;
    if (this.shown >= this.list.length || scrollTop + clientHeight < scrollHeight - NEAR_PX) return;
    this.shown += AT_ONCE;
    this.show();
  }

  show() {
    const { list } = this;
    this.drop(list);
    const minutes = list.reduce((sum, take) => sum + take.duration_s, 0) / 60;
    const total = list.length ? `${list.length} · ${minutes.toFixed(1)} min` : "";
    setText(find(this.element, ".list .total"), total);
    const rows = list.slice(0, this.shown);
    refill(this.rows, JSON.stringify([rows, this.chosen, [...this.marks.ids]]), () =>
      rows.length ? rows.map((take) => this.row(take)) : [empty(this.which.value)],
    );
    this.showChosen();
    this.masks.show();
    this.export.show();
    this.paths.show();
    this.statistics.show();
    this.bulk.show();
    this.archive.show();
    this.bin.offer(this.which.value === "bin");
    const { length } = this.marks.marked;
    this.all.checked = length > 0 && length === list.length;
    this.all.indeterminate = length > 0 && length < list.length;
  }

  /** @param {TakeRow} take */
  row(take) {
    const choose = () => this.choose(take.id);
    const open = make("button", { class: "quiet", onclick: choose }, String(take.number));
    /** @param {Node | string} content */
    const cell = (content) => make("td", {}, content);
    return make(
      "tr",
      {
        "aria-selected": String(take.id === this.chosen),
        dataset: { take: take.id },
        onclick: choose,
      },
      make("td", { class: "mark" }, this.marks.box(take)),
      make("td", {}, make("div", { class: "of-take" }, thumbnail(take), open, ...odd(take))),
      cell(take.instruction || take.damaged),
      cell(recorded(take)),
      make("td", { class: "number" }, `${take.duration_s.toFixed(1)} s`),
      make("td", { title: ending(take) }, verdict(take)),
      cell(labels(take)),
      cell(take.operator),
    );
  }

  allowReplay() {
    const take = takes.find(this.chosen);
    const idle = station.driving && station.phase === "idle";
    setDisabled(button(this.element, ".replay"), !take || take.deleted || !idle);
  }

  showChosen() {
    const take = takes.find(this.chosen);
    setText(find(this.element, ".player .title"), take ? `Take ${take.number}` : "No take chosen");
    for (const node of controls(this.element, ".player button, .player input")) {
      setDisabled(node, !take);
    }
    const bin = find(this.element, ".bin");
    setText(bin.firstChild, take?.deleted ? "Take back " : "To the bin ");
    this.allowReplay();
    const known = take ? [...facts(take, this.near), ...this.work.filter(([, text]) => text)] : [];
    refill(find(this.element, ".facts"), JSON.stringify(known), () =>
      known.flatMap(([term, text]) => [make("dt", {}, term), make("dd", {}, text)]),
    );
  }
}

/** @param {string} which takes are listed */
function empty(which) {
  const none = takes.all.length ? "No take fits." : "No takes yet. Record one first.";
  const text = which === "bin" && !takes.all.some(FILTERS.bin) ? "The bin is empty." : none;
  return make("tr", {}, make("td", { colspan: COLUMNS, class: "empty" }, text));
}

/** What the take shows, small; it comes once nobody types, if the row is still there.
 * @param {TakeRow} take */
function thumbnail({ id, damaged }) {
  const picture = make("img", { class: "thumbnail", alt: "", loading: "lazy", decoding: "async" });
  picture.addEventListener("error", () => picture.removeAttribute("src"));
  const begin = () => {
    if (picture.isConnected && !damaged) picture.src = `/api/takes/${id}/poster.jpg`;
  };
  setTimeout(begin, THUMBNAIL_MS);
  return picture;
}

/** @param {TakeRow} take */
function odd({ findings }) {
  return findings.length ? [make("span", { class: "odd", title: findings.join("\n") }, "odd")] : [];
}

/** @param {TakeRow} take */
function recorded({ created }) {
  if (!created) return "";
  return new Date(created).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}

/** @param {TakeRow} take */
function labels({ review, labelled }) {
  if (review === "done" || review === "approved") return review;
  if (review === "returned") return "sent back";
  return labelled ? `${Math.round(100 * labelled)} %` : "–";
}

/** @param {string} id */
const called = (id) => `Take ${takes.find(id)?.number ?? id}`;

/** @param {TakeRow} take @param {string} near @returns {[term: string, text: string][]} */
function facts(take, near) {
  const again = takes.all.filter((each) => each.replay_of === take.id && !each.deleted);
  /** @type {[string, string][]} */
  const all = [
    ["Id", take.id],
    ["Instruction", take.instruction],
    ["Task", take.task],
    ["Robot", take.pictures ? "None: these are pictures alone." : ""],
    ["From", take.source],
    ["Assumed", take.assumed.join(" ")],
    ["Taught by", agentName(take.taught_by)],
    ["Replay of", take.replay_of && `${called(take.replay_of)}. ${near}`],
    ["Replayed as", again.map((each) => called(each.id)).join(", ")],
    ["Objects", take.targets.join(", ")],
    ["Tags", take.tags.join(", ")],
    ["Note", take.note],
    ["Odd", take.findings.join(" ")],
    ["Lost pictures", take.dropped ? String(take.dropped) : ""],
    ["Interrupted", take.interrupted],
    ["Damaged", take.damaged],
  ];
  return all.filter(([, text]) => text);
}
