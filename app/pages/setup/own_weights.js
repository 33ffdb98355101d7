// Naming a file, a folder or a hub id that somebody has as the weights of a method.

import { api } from "../shared/api.js";
import { make, setDisabled, setText, toggleHidden } from "../shared/dom.js";

/** @import { ModelList } from "../shared/messages" */

export class OwnWeights {
  /**
   * @param {string} name of the method
   * @param {(list: ModelList) => void} changed told what there is once it was named
   * @param {() => void} render shows it as it is now
   */
  constructor(name, changed, render) {
    this.name = name;
    this.changed = changed;
    this.render = render;
    this.opened = false;
    this.problem = "";
    const id = `setup-weights-${name}`;
    this.problemId = `${id}-problem`;
    this.field = make("input", {
      id,
      autocomplete: "off",
      spellcheck: "false",
      placeholder: "/models/weights.pth or owner/name",
      "aria-describedby": this.problemId,
    });
    this.go = make("button", { class: "primary" }, "Use");
    this.open = make("button", { onclick: () => this.toggle(true) }, "Use a file…");
    const close = { type: "button", class: "quiet", onclick: () => this.toggle(false) };
    const label = make("label", { for: id }, "File, folder or hub id");
    const attributes = { class: "own", hidden: true };
    this.form = make(
      "form",
      attributes,
      label,
      this.field,
      this.go,
      make("button", close, "Close"),
    );
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.form.addEventListener("keydown", (event) => event.key === "Escape" && this.leave(event));
  }

  /** @param {boolean} opened */
  toggle(opened) {
    this.opened = opened;
    this.fail("");
    toggleHidden(this.form, !opened);
    this.render();
    (opened ? this.field : this.open).focus();
  }

  /** Back to the button, where Escape elsewhere leaves to the page. @param {KeyboardEvent} event */
  leave(event) {
    event.stopPropagation();
    this.toggle(false);
  }

  /** @param {SubmitEvent} event */
  async submit(event) {
    event.preventDefault();
    if (this.go.disabled || !this.field.value.trim()) return;
    this.busy(true);
    try {
      const weights = this.field.value;
      const list = await api.put(`/api/models/methods/${encodeURIComponent(this.name)}`, {
        weights,
      });
      this.toggle(false);
      this.changed(list);
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
      this.field.focus();
    }
    this.busy(false);
  }

  /** @param {string} problem */
  fail(problem) {
    this.problem = problem;
    this.field.setAttribute("aria-invalid", String(problem !== ""));
    this.render();
  }

  /** The labeler loads them to see what they are. @param {boolean} busy */
  busy(busy) {
    setDisabled(this.go, busy);
    setText(this.go, busy ? "Looking at them …" : "Use");
  }
}
