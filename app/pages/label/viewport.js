// What part of a picture is shown, and how large: the whole of it, or magnified about a point.

/** @typedef {[x: number, y: number]} Point */
/** Where the picture lies. @typedef {{scale: number, left: number, top: number}} Fit CSS pixels a
 * picture pixel, and CSS pixels */

const MOST = 32; // times as large as the whole picture
const PIXELATED = 2; // device pixels a picture pixel from which on each is shown as a square

/** @param {number} value @param {number} least @param {number} most */
const clamp = (value, least, most) => Math.min(most, Math.max(least, value));

export class Viewport {
  /** @param {HTMLCanvasElement} picture @param {HTMLCanvasElement} over as large as the view */
  constructor(picture, over) {
    this.picture = picture;
    this.over = over;
    this.zoom = 1;
    /** Picture pixels. @type {Point} */
    this.centre = [0, 0];
  }

  get size() {
    const { clientWidth, clientHeight } = this.over;
    return { across: clientWidth, down: clientHeight };
  }

  /** @returns {Fit} */
  get fit() {
    return this.fitAt(this.zoom);
  }

  /** @param {number} zoom @returns {Fit} */
  fitAt(zoom) {
    const { width, height } = this.picture;
    const { across, down } = this.size;
    const scale = zoom * Math.min(across / width, down / height);
    const [x, y] = this.centre;
    return { scale, left: edge(across, scale, width, x), top: edge(down, scale, height, y) };
  }

  /** The pixel of the picture that lies at a place of the view. @param {Point} at CSS pixels
   * @returns {Point} */
  pixel([right, down]) {
    const { scale, left, top } = this.fit;
    return [(right - left) / scale, (down - top) / scale];
  }

  /** What lies at a place stays there. @param {number} factor @param {Point | null} at CSS pixels;
   * null: the middle */
  magnify(factor, at) {
    const { across, down } = this.size;
    const [right, below] = at ?? [across / 2, down / 2];
    const [x, y] = this.pixel([right, below]);
    this.zoom = clamp(this.zoom * factor, 1, MOST);
    const { scale } = this.fit;
    this.look([x + (across / 2 - right) / scale, y + (down / 2 - below) / scale]);
  }

  /** @param {number} right @param {number} down CSS pixels that the picture moves */
  pan(right, down) {
    const { scale } = this.fit;
    const [x, y] = this.centre;
    this.look([x - right / scale, y - down / scale]);
  }

  whole() {
    this.zoom = 1;
  }

  /** "" where the whole picture is shown. */
  get words() {
    return this.zoom === 1 ? "" : ` · ${this.zoom.toFixed(1)} ×`;
  }

  /** As far as the picture goes. @param {Point} centre */
  look(centre) {
    this.centre = centre;
    const { across, down } = this.size;
    this.centre = this.pixel([across / 2, down / 2]);
  }

  /** Lay the picture where it is shown. */
  apply() {
    const { zoom, picture } = this;
    const { scale, left, top } = this.fit;
    const whole = this.fitAt(1);
    const x = left - zoom * whole.left;
    const y = top - zoom * whole.top;
    const moved = zoom === 1 ? "none" : `translate(${x}px, ${y}px) scale(${zoom})`;
    const sharp = scale * devicePixelRatio >= PIXELATED ? "pixelated" : "auto";
    if (picture.style.transform !== moved) picture.style.transform = moved;
    if (picture.style.imageRendering !== sharp) picture.style.imageRendering = sharp;
  }
}

/** A picture that is smaller than the view lies in its middle, a larger one leaves no gap.
 * @param {number} room CSS pixels @param {number} scale @param {number} size of the picture
 * @param {number} centre picture pixels */
function edge(room, scale, size, centre) {
  const rest = room - scale * size;
  return rest >= 0 ? rest / 2 : clamp(room / 2 - scale * centre, rest, 0);
}
