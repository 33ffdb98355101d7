// What can be chosen where the base is an OpenVLA. The small policy needs none of it.

import { find, setDisabled, toggleHidden } from "../shared/dom.js";

const GROUNDING_WEIGHT = 0.1; // beside the loss of the actions
const CAMERAS = { one: ["front"], both: ["front", "wrist"] };

export class OpenVLAOptions {
  constructor(element) {
    this.element = element;
    this.form = find(element, "form");
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("change", () => this.showCameras());
    this.showCameras();
  }

  show(visible) {
    toggleHidden(this.element, !visible);
  }

  /** Whether all of it can be used; if not, the browser says what is wrong, where it is. */
  check() {
    if (!this.form.checkValidity()) this.element.open = true;
    return this.form.reportValidity();
  }

  /** One action's tokens are read off one camera. */
  showCameras() {
    const { chunk, cameras } = this.form.elements;
    setDisabled(cameras, chunk.value === "1");
    if (chunk.value === "1") cameras.value = "one";
  }

  get config() {
    const { chunk, cameras, grounding, bits, lora_rank, batch, micro_batch } = this.form.elements;
    return {
      chunk: Number(chunk.value),
      cameras: CAMERAS[cameras.value],
      grounding: grounding.checked ? GROUNDING_WEIGHT : 0,
      bits: Number(bits.value),
      lora_rank: Number(lora_rank.value),
      batch: Number(batch.value),
      micro_batch: Number(micro_batch.value),
    };
  }
}
