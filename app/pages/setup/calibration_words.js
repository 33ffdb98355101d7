// What a calibration is made with, what is missing, and what came of it, in words.

import { make, refill, setText } from "../shared/dom.js";
import { choiceControl, field, numberControl } from "./fields.js";

/** @import { Board, CalibrationPlan, CalibrationState } from "../shared/messages" */

const MOUNTS = [
  { value: "base", text: "stands still, the board is in the hand" },
  { value: "end_effector", text: "is on the hand, the board lies on the table" },
];
const SQUARES = { type: "integer", minimum: 3, maximum: 14 };
const MM = { type: "number", exclusiveMinimum: 3, maximum: 200 };
/** @type {[name: keyof Board, title: string, limits: typeof SQUARES | typeof MM][]} */
const BOARD = [
  ["columns", "Squares across", SQUARES],
  ["rows", "Squares down", SQUARES],
  ["square_mm", "Square, mm", MM],
  ["marker_mm", "Marker, mm", MM],
];

/** @param {HTMLElement} form @param {CalibrationPlan} plan @param {(plan: CalibrationPlan) => void} change */
export function showPlan(form, plan, change) {
  refill(form, JSON.stringify(plan), () => [
    field(
      "calibration.mount",
      "The camera",
      choiceControl(plan.mount, MOUNTS, (mount) =>
        change({ ...plan, mount: mount === "base" ? "base" : "end_effector" }),
      ),
    ),
    ...BOARD.map(([name, title, limits]) =>
      field(
        `calibration.${name}`,
        title,
        numberControl(plan.board[name], limits, (value) =>
          change({ ...plan, board: { ...plan.board, [name]: value } }),
        ),
      ),
    ),
    make(
      "a",
      { class: "print", href: printed(plan.board), target: "_blank" },
      "The board to print, at its true size (PDF)",
    ),
  ]);
}

/** @param {Board} board */
const printed = (board) =>
  `/api/calibration/board.pdf?${BOARD.map(([name]) => `${name}=${board[name]}`).join("&")}`;

/** @param {HTMLElement} element @param {CalibrationState["coverage"]} coverage */
export function showCoverage(element, { views, spread_m, turned_deg: [most, next], missing }) {
  const there =
    views < 2
      ? `${views} ${views === 1 ? "view" : "views"}.`
      : `${views} views, ${(100 * spread_m).toFixed(0)} cm apart, tilted by ${most.toFixed(0)}° ` +
        `and ${next.toFixed(0)}°.`;
  const rest = missing.length ? `Missing: ${missing.join("; ")}.` : "That is enough.";
  setText(element, `${there} ${rest}`);
}

/** @param {HTMLElement} list @param {CalibrationState} state @param {(number: number) => void} drop */
export function showViews(list, { views, result }, drop) {
  const outliers = result?.outliers ?? [];
  refill(list, JSON.stringify([views, outliers]), () =>
    views.map(({ number, corners, residual_px }) => {
      const fits = residual_px === null ? `${corners} corners` : `${residual_px.toFixed(2)} px`;
      const attributes = {
        class: "quiet drop",
        title: "Throw it away",
        onclick: () => drop(number),
      };
      const away = make("button", { ...attributes, "aria-label": `View ${number} away` }, "×");
      const kind = outliers.includes(number) ? "outlier" : "";
      return make("li", { class: kind }, make("b", {}, `${number}`), fits, away);
    }),
  );
}

/** @param {HTMLElement} element @param {CalibrationState} state */
export function showResult(element, { result, plan, measures_lens }) {
  refill(element, JSON.stringify(result), () => {
    if (!result) return [];
    const { position_m, residual_px, residual_mm, uncertain_mm, uncertain_deg, remarks } = result;
    const frame = plan.mount === "base" ? "the base's" : "the hand's";
    const place = position_m.map((each) => each.toFixed(3)).join(", ");
    const words =
      `At ${place} m in ${frame} frame, known to ${uncertain_mm.toFixed(1)} mm and ` +
      `${uncertain_deg.toFixed(2)}°. The views fit by ${residual_px.toFixed(2)} px, ` +
      `${residual_mm.toFixed(1)} mm.${measures_lens ? " Its lens was measured, too." : ""}`;
    return [make("p", {}, words), ...remarks.map((each) => make("p", { class: "remark" }, each))];
  });
}
