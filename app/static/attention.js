// Where a policy looks, as a glow over the live picture.

import { crisp } from "./dom.js";

const sheet = document.createElement("canvas");

/** map: {height, width, values: base64 of bytes} over the centre square of the picture. */
export function drawAttention(over, picture, map) {
  if (!over.clientWidth) return;
  const context = crisp(over);
  if (!map) return;
  paint(map);
  const scale = Math.min(over.clientWidth / picture.width, over.clientHeight / picture.height);
  // The recorded picture is the centre square of a wider preview.
  const side = scale * Math.min(picture.width, picture.height);
  context.imageSmoothingEnabled = true;
  context.globalCompositeOperation = "screen";
  context.drawImage(sheet, (over.clientWidth - side) / 2, (over.clientHeight - side) / 2, side, side);
}

function paint({ height, width, values }) {
  const bytes = Uint8Array.from(atob(values), (letter) => letter.charCodeAt(0));
  sheet.width = width;
  sheet.height = height;
  const context = sheet.getContext("2d");
  const image = context.createImageData(width, height);
  bytes.forEach((value, i) => image.data.set([255, 190, 40, Math.min(255, 1.2 * value)], 4 * i));
  context.putImageData(image, 0, 0);
}
