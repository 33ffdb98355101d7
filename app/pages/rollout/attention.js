// Where a policy looks, as a glow over the live picture.

import { context2d, crisp } from "../shared/dom.js";

/** @import { AttentionMap } from "../shared/messages" */
/** @typedef {{map?: AttentionMap, width: number, height: number}} Drawn */

const GLOW = 0x28beff; // (255, 190, 40), as blue, green, red
const sheet = document.createElement("canvas");
/** What each canvas shows: nothing is drawn twice. @type {WeakMap<HTMLCanvasElement, Drawn>} */
const drawn = new WeakMap();

/**
 * @param {HTMLCanvasElement} over
 * @param {HTMLCanvasElement} picture
 * @param {AttentionMap | undefined} map bytes over the whole picture, as base64
 */
export function drawAttention(over, picture, map) {
  if (!over.clientWidth || isDrawn(over, map)) return;
  const context = crisp(over);
  if (!map) return;
  paint(map);
  const scale = Math.min(over.clientWidth / picture.width, over.clientHeight / picture.height);
  const [width, height] = [scale * picture.width, scale * picture.height];
  const [left, top] = [(over.clientWidth - width) / 2, (over.clientHeight - height) / 2];
  context.imageSmoothingEnabled = true;
  context.globalCompositeOperation = "screen";
  context.drawImage(sheet, left, top, width, height);
}

/** @param {HTMLCanvasElement} over @param {AttentionMap | undefined} map */
function isDrawn(over, map) {
  const before = drawn.get(over);
  const now = { map, width: over.clientWidth, height: over.clientHeight };
  drawn.set(over, now);
  const same = before?.width === now.width && before.height === now.height;
  return same && before.map === now.map;
}

/** @param {AttentionMap} map */
function paint({ height, width, values }) {
  const bytes = Uint8Array.from(atob(values), (letter) => letter.charCodeAt(0));
  sheet.width = width;
  sheet.height = height;
  const context = context2d(sheet);
  const image = context.createImageData(width, height);
  const words = new Uint32Array(image.data.buffer); // little-endian: alpha, blue, green, red
  bytes.forEach((value, i) => (words[i] = (Math.min(255, 1.2 * value) << 24) | GLOW));
  context.putImageData(image, 0, 0);
}
