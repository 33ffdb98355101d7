// The masks of the chosen take, over the pictures that are played.

import { api } from "../shared/api.js";
import { button, canvas, crisp, find } from "../shared/dom.js";
import { bindButton } from "../shared/keys.js";
import { drawMask, MaskSheets } from "../shared/mask_sheets.js";
import { saying } from "../shared/notices.js";
import { rgb } from "../shared/palette.js";

/** @import { LabelPatch, Mask } from "../shared/messages" */
/** @import { Player } from "../shared/playback.js" */

const FILL = 0.45; // opacity

export class TakeMasks {
  /** @param {HTMLElement} page @param {Player} player */
  constructor(page, player) {
    this.views = find(page, ".views");
    this.player = player;
    this.button = button(page, ".show-masks");
    this.on = false;
    this.take = ""; // whose masks these are
    /** @type {Map<string, Mask[]>} of each frame of each camera */
    this.masks = new Map();
    /** @type {string[]} */
    this.objects = [];
    /** Frame by camera. @type {Map<string, number>} */
    this.shown = new Map();
    /** @type {Map<string, MaskSheets>} */
    this.sheets = new Map();
    bindButton("data", this.button, () => this.toggle());
    player.painted = (camera, frame) => this.draw(camera, frame);
  }

  toggle() {
    this.on = !this.on;
    this.button.setAttribute("aria-pressed", String(this.on));
    this.look();
  }

  /** Those of the take that is played, where they are to be seen. */
  async look() {
    const id = this.player.detail?.id ?? "";
    if (this.on && id && this.take !== id) {
      /** @type {LabelPatch | undefined} */
      const said = await saying(() => api.get(`/api/labels/${id}`));
      if (this.player.detail?.id !== id) return;
      this.keep(id, said);
    }
    for (const [camera, frame] of this.shown) this.draw(camera, frame);
  }

  /** @param {string} id @param {LabelPatch | undefined} said */
  keep(id, said) {
    this.take = id;
    this.objects = said?.objects?.map(({ name }) => name) ?? [];
    this.masks.clear();
    this.sheets.clear();
    for (const mask of said?.masks ?? []) {
      const place = `${mask.frame}/${mask.camera}`;
      this.masks.set(place, [...(this.masks.get(place) ?? []), mask]);
    }
  }

  /** @param {string} camera @param {number} frame */
  draw(camera, frame) {
    this.shown.set(camera, frame);
    const figure = [...this.views.querySelectorAll("figure")].find(
      ({ dataset }) => dataset.camera === camera,
    );
    if (!figure) return;
    const sheet = canvas(figure, ".over");
    const context = crisp(sheet);
    const own = this.take === this.player.detail?.id;
    const masks = this.on && own ? (this.masks.get(`${frame}/${camera}`) ?? []) : [];
    const sheets = this.sheets.get(camera) ?? new MaskSheets();
    this.sheets.set(camera, sheets);
    sheets.keep(masks.map(({ rle }) => rle));
    for (const { rle, object } of masks) {
      const scale = sheet.clientWidth / rle.width;
      const index = Math.max(0, this.objects.indexOf(object));
      drawMask(context, scale, sheets.of(rle, rgb(index)), FILL);
    }
  }
}
