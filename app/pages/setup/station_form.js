// The station as a whole: where it started from, its rate, its limits, where it is saved.

import { find, make, refill, setText, toggleClass, toggleHidden } from "../shared/dom.js";
import { choiceControl, field, numberControl } from "./fields.js";
import { limitsForm } from "./limits_form.js";
import { MOST_CAMERAS } from "./settings.js";

/** @import { StationDescription, StationSettings } from "../shared/messages" */
/**
 * @typedef {object} StationActions
 * @property {(changed: Partial<StationSettings>) => void} edit
 * @property {(settings: StationSettings) => void} replace
 */

const HZ = { type: "number", minimum: 1, maximum: 1000 };
const NM = { type: "number", minimum: 0, maximum: 87 };
const KEEP = ""; // no name of a preset

export class StationForm {
  /** @param {HTMLElement} element @param {StationActions} actions */
  constructor(element, actions) {
    this.element = element;
    this.actions = actions;
    this.form = find(element, ".fields", HTMLFormElement);
    this.form.addEventListener("submit", (event) => event.preventDefault());
  }

  /** @param {StationDescription} known @param {StationSettings} settings @param {boolean} changed */
  show(known, settings, changed) {
    const saved = find(this.element, ".saved");
    setText(saved, changed ? "Not saved" : known.saved ? "Saved" : "Preset");
    toggleClass(saved, "changed", changed);
    this.showFields(known, settings);
    this.showFacts(known, settings);
    const restart = find(this.element, ".restart");
    setText(find(restart, "p"), "What is saved takes effect when the station is started again.");
    toggleHidden(restart, !known.restart_needed);
  }

  /** @param {StationDescription} known @param {StationSettings} settings */
  showFields(known, settings) {
    const { control_rate_hz, limits, push_nm } = settings;
    const { edit } = this.actions;
    const presets = Object.keys(known.presets);
    const signature = JSON.stringify([control_rate_hz, limits, push_nm, presets]);
    refill(this.form, signature, () => [
      field("preset", "Start from", this.presets(known), "Replaces all of the settings"),
      field(
        "control_rate_hz",
        "Control rate, Hz",
        numberControl(control_rate_hz, HZ, (value) => edit({ control_rate_hz: value })),
      ),
      field(
        "push_nm",
        "Push that takes over, N m",
        numberControl(push_nm, NM, (value) => edit({ push_nm: value })),
        "At any joint, while a policy drives; 0: only inputs do",
      ),
      ...limitsForm(limits, known.arms, (changed) => edit({ limits: changed })),
    ]);
  }

  /** @param {StationDescription} known @param {StationSettings} settings */
  showFacts(known, settings) {
    const count = Object.keys(settings.cameras).length;
    const facts = [
      ["Cameras", `${count} of at most ${MOST_CAMERAS}`],
      ["File", known.file],
    ];
    refill(find(this.element, ".facts"), JSON.stringify(facts), () =>
      facts.flatMap(([term, text]) => [make("dt", {}, term), make("dd", {}, text)]),
    );
  }

  /** @param {StationDescription} known */
  presets({ presets }) {
    const choices = Object.keys(presets).map((name) => ({ value: name, text: name }));
    return choiceControl(KEEP, [{ value: KEEP, text: "what is there" }, ...choices], (name) => {
      if (name !== KEEP) this.actions.replace(structuredClone(presets[name]));
    });
  }
}
