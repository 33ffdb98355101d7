// One recorded picture with its masks, on which people click and draw boxes.

import { crisp, find, setText, toggleClass } from "../shared/dom.js";
import { css, paintMask, rgb } from "../shared/masks.js";

const SOURCES = {
  human: "clicked",
  propagated: "propagated",
  projected: "from the robot",
  model: "by the model",
};
const DRAG = 5; // CSS pixels: less is a click

export class Stage {
  constructor(figure, actions) {
    this.figure = figure;
    this.camera = figure.dataset.camera;
    this.picture = find(figure, ".picture");
    this.over = find(figure, ".over");
    this.caption = find(figure, "figcaption");
    this.actions = actions; // {click(camera, x, y, positive), box(camera, [l, t, r, b]), boxing()}
    this.over.style.pointerEvents = "auto";
    this.over.addEventListener("contextmenu", (event) => event.preventDefault());
    this.over.addEventListener("pointerdown", (event) => this.press(event));
    this.over.addEventListener("pointermove", (event) => this.drag(event));
    this.over.addEventListener("pointerup", (event) => this.letGo(event));
    this.over.addEventListener("pointercancel", () => (this.from = null));
    new ResizeObserver(() => this.draw()).observe(figure);
  }

  /** Where the picture lies in the figure: CSS pixels a picture pixel, and the offset. */
  get fit() {
    const { clientWidth, clientHeight } = this.over;
    const { width, height } = this.picture;
    const scale = Math.min(clientWidth / width, clientHeight / height);
    return {
      scale,
      left: (clientWidth - scale * width) / 2,
      top: (clientHeight - scale * height) / 2,
    };
  }

  point(event) {
    const { scale, left, top } = this.fit;
    const frame = this.over.getBoundingClientRect();
    const limit = (value, size) => Math.min(size - 0.01, Math.max(0, value));
    return [
      limit((event.clientX - frame.left - left) / scale, this.picture.width),
      limit((event.clientY - frame.top - top) / scale, this.picture.height),
    ];
  }

  press(event) {
    event.preventDefault();
    this.from = {
      at: this.point(event),
      client: [event.clientX, event.clientY],
      button: event.button,
    };
    this.over.setPointerCapture(event.pointerId);
  }

  drag(event) {
    if (!this.from || !this.boxing(event)) return;
    this.rubber = [...this.from.at, ...this.point(event)];
    this.draw();
  }

  boxing(event) {
    const [x, y] = this.from.client;
    const moved = Math.hypot(event.clientX - x, event.clientY - y) > DRAG;
    return moved && (this.actions.boxing() || event.shiftKey);
  }

  letGo(event) {
    if (!this.from) return;
    const { at, button } = this.from;
    if (this.boxing(event)) {
      const [x0, y0] = at,
        [x1, y1] = this.point(event);
      this.actions.box(this.camera, [
        Math.min(x0, x1),
        Math.min(y0, y1),
        Math.max(x0, x1),
        Math.max(y0, y1),
      ]);
    } else {
      this.actions.click(this.camera, ...at, button === 0 && !event.altKey);
    }
    this.from = this.rubber = null;
    this.draw();
  }

  /** items: [{mask, index, chosen}], prompts of this frame, what the caption says. */
  show(bitmap, scene) {
    this.scene = scene;
    if (bitmap) {
      if (this.picture.width !== bitmap.width) this.picture.width = bitmap.width;
      if (this.picture.height !== bitmap.height) this.picture.height = bitmap.height;
      this.picture.getContext("2d").drawImage(bitmap, 0, 0);
    }
    this.draw();
  }

  draw() {
    if (!this.over.clientWidth) return;
    const context = crisp(this.over);
    if (!this.scene) return;
    const { scale, left, top } = this.fit;
    context.translate(left, top);
    context.imageSmoothingEnabled = false;
    for (const { mask, index, chosen } of this.scene.items) {
      const sheet = paintMask(mask.rle, rgb(index), chosen ? 105 : 60);
      context.drawImage(sheet, 0, 0, scale * sheet.width, scale * sheet.height);
    }
    for (const prompt of this.scene.prompts) this.drawPrompt(context, scale, prompt);
    if (this.rubber) this.drawBox(context, scale, this.rubber, "#fff");
    setText(this.caption, this.scene.caption + this.provenance());
  }

  provenance() {
    const chosen = this.scene.items.find((item) => item.chosen)?.mask;
    if (!chosen) return "";
    const sure = `${Math.round(100 * chosen.confidence)} % sure`;
    return ` · ${SOURCES[chosen.source] ?? chosen.source} · ${sure}${chosen.locked ? " · locked ◆" : ""}`;
  }

  drawPrompt(context, scale, prompt) {
    if (prompt.kind === "box")
      return this.drawBox(context, scale, prompt.values, css(prompt.index));
    const [x, y] = prompt.values.map((value) => value * scale);
    context.beginPath();
    context.arc(x, y, 6, 0, 2 * Math.PI);
    context.fillStyle = prompt.positive ? css(prompt.index) : "#111c";
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = "#fff";
    context.stroke();
    context.beginPath();
    context.moveTo(x - 3, y);
    context.lineTo(x + 3, y);
    if (prompt.positive) {
      context.moveTo(x, y - 3);
      context.lineTo(x, y + 3);
    }
    context.strokeStyle = prompt.positive ? "#111" : "#fff";
    context.stroke();
  }

  drawBox(context, scale, [x0, y0, x1, y1], style) {
    context.setLineDash([6, 4]);
    context.lineWidth = 2;
    context.strokeStyle = style;
    context.strokeRect(x0 * scale, y0 * scale, (x1 - x0) * scale, (y1 - y0) * scale);
    context.setLineDash([]);
  }

  veil(text) {
    const veil = find(this.figure, ".veil");
    toggleClass(veil, "shown", Boolean(text));
    setText(veil, text ?? "");
  }
}
