// Where a policy looks, as a glow over the live picture.

import { crisp } from "../shared/dom.js";

const GLOW = 0x28beff; // (255, 190, 40), as blue, green, red
const sheet = document.createElement("canvas");
const drawn = new WeakMap(); // canvas -> what it shows: nothing is drawn twice

/** map: {height, width, values: base64 of bytes} over the centre square of the picture. */
export function drawAttention(over, picture, map) {
  if (!over.clientWidth || isDrawn(over, map)) return;
  const context = crisp(over);
  if (!map) return;
  paint(map);
  const scale = Math.min(over.clientWidth / picture.width, over.clientHeight / picture.height);
  // The recorded picture is the centre square of a wider preview.
  const side = scale * Math.min(picture.width, picture.height);
  context.imageSmoothingEnabled = true;
  context.globalCompositeOperation = "screen";
  context.drawImage(
    sheet,
    (over.clientWidth - side) / 2,
    (over.clientHeight - side) / 2,
    side,
    side,
  );
}

function isDrawn(over, map) {
  const before = drawn.get(over) ?? {};
  const now = { map: map ?? null, width: over.clientWidth, height: over.clientHeight };
  drawn.set(over, now);
  return before.map === now.map && before.width === now.width && before.height === now.height;
}

function paint({ height, width, values }) {
  const bytes = Uint8Array.from(atob(values), (letter) => letter.charCodeAt(0));
  sheet.width = width;
  sheet.height = height;
  const context = sheet.getContext("2d");
  const image = context.createImageData(width, height);
  const words = new Uint32Array(image.data.buffer); // little-endian: alpha, blue, green, red
  bytes.forEach((value, i) => (words[i] = (Math.min(255, 1.2 * value) << 24) | GLOW));
  context.putImageData(image, 0, 0);
}
