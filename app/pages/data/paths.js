// The paths of many hands at once, and where they closed: what takes cover, and what is still missing.

import { api } from "../shared/api.js";
import { counted } from "../shared/counted.js";
import { openDialog } from "../shared/dialogs.js";
import { button, make, setDisabled } from "../shared/dom.js";
import { bindButton } from "../shared/keys.js";
import { saying } from "../shared/notices.js";
import { during } from "../shared/pending.js";
import { cells } from "./coverage.js";
import { PathView } from "./path_view.js";

/** @import { HandPath, TakeRow } from "../shared/messages" */

export class TakePaths {
  /** @param {HTMLElement} element @param {import("./marks.js").TakeMarks} marks
   * @param {(id: string) => unknown} choose */
  constructor(element, marks, choose) {
    this.marks = marks;
    this.choose = choose;
    this.button = button(element, ".list .paths");
    bindButton("data", this.button, () => this.open());
  }

  get shown() {
    return this.marks.chosen().filter(({ pictures }) => !pictures);
  }

  show() {
    setDisabled(this.button, !this.shown.length);
  }

  async open() {
    const { shown } = this;
    const read = () => during("reading the paths of the hands", api.get("/api/takes/paths"));
    const answer = await saying(read);
    if (!answer) return;
    const rows = shown.filter(({ id }) => answer.paths[id]);
    const paths = rows.map((take) => ({ take, ...answer.paths[take.id] }));
    const sheet = make("canvas", { class: "paths", tabindex: 0, role: "img" });
    sheet.setAttribute("aria-label", `Paths of the hand of ${counted(rows.length, "take")}`);
    const said = make("p", { class: "said hint", role: "status" });
    const arm = new StandingArm();
    const along = make("input", { type: "range", min: "0", max: "1", step: "0.01", value: "0" });
    const dialog = openDialog(
      "Paths of the hand",
      make("h2", {}, `Paths of the hand · ${counted(rows.length, "take")}`),
      sheet,
      make("label", { class: "along" }, "Along the paths ", along),
      legend(),
      make("p", { class: "hint" }, covered(paths)),
      said,
      make("div", { class: "closing" }, make("button", { onclick: () => dialog.close() }, "Close")),
    );
    const view = new PathView(sheet, paths, {
      /** @param {TakeRow | undefined} take */
      over: (take) => {
        said.textContent = take ? `Take ${take.number}. ${take.instruction}` : TURN;
        if (take) arm.show(take.id);
      },
      /** @param {TakeRow} take */
      chosen: (take) => {
        dialog.close();
        this.choose(take.id);
      },
    });
    arm.view = view;
    if (rows.length) arm.show(rows[0].id);
    along.addEventListener("input", () => view.goAlong(Number(along.value)));
    dialog.addEventListener("close", () => view.close());
    said.textContent = TURN;
  }
}

const TURN =
  "Drag to turn it, or use the arrow keys; the wheel comes nearer. A click chooses a take.";

/** The arm as it stood along the take that was named last. */
class StandingArm {
  /** @type {PathView | undefined} */
  view = undefined;
  wanted = "";
  /** @type {Map<string, Promise<{chains_mm: number[][][]} | null>>} */
  known = new Map();

  /** @param {string} id */
  async show(id) {
    this.wanted = id;
    const asked = this.known.get(id) ?? api.get(`/api/takes/${id}/arm`).catch(() => null);
    this.known.set(id, asked);
    const arm = await asked;
    if (this.wanted === id) this.view?.showArm(arm?.chains_mm ?? []);
  }
}

function legend() {
  const marks = [
    ["start", "begins"],
    ["closed", "the hand closes"],
    ["success", "succeeded"],
    ["failed", "failed"],
    ["unjudged", "not judged"],
    ["often", "closed here, from above"],
    ["arm", "the arm of the take under the pointer"],
  ];
  const entries = marks.map(([name, words]) => make("li", {}, make("i", { class: name }), words));
  return make("ul", { class: "legend" }, ...entries);
}

/** How many places have been reached, in words. @param {HandPath[]} paths */
function covered(paths) {
  const closed = paths.flatMap(({ closed_mm }) => (closed_mm ? [closed_mm] : []));
  const starts = paths.map(({ points_mm }) => points_mm[0]);
  const begun = `They begin in ${counted(cells(starts).size, "place")} of 5 cm`;
  if (!closed.length) return `${begun}; no hand closes.`;
  return `${begun}, and the hand closes first in ${counted(cells(closed).size, "place")} of 5 cm.`;
}
