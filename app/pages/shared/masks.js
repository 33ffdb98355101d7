// COCO's compressed run lengths to pixels: column by column, 5 bits a character, from the
// third run on as a difference to the run two before (rleFrString of cocoapi).

export function runLengths(counts) {
  const runs = [];
  for (let at = 0; at < counts.length; ) {
    let value = 0,
      shift = 0,
      bits;
    do {
      bits = counts.charCodeAt(at++) - 48;
      value |= (bits & 31) << shift;
      shift += 5;
    } while (bits & 32);
    if (bits & 16) value |= -1 << shift;
    runs.push(runs.length > 2 ? value + runs[runs.length - 2] : value);
  }
  return runs;
}

/** Uint8Array (height × width), row by row, 1 inside. */
export function decodeMask({ height, width, counts }) {
  const mask = new Uint8Array(height * width);
  let place = 0,
    inside = 0;
  for (const run of runLengths(counts)) {
    if (inside)
      for (let i = place; i < place + run; i++) mask[(i % height) * width + ((i / height) | 0)] = 1;
    place += run;
    inside ^= 1;
  }
  return mask;
}

const sheet = document.createElement("canvas");

/** Paint a mask in a colour: a light fill, a firm outline. Returns a canvas of the mask's size,
 * which the next call paints over. */
export function paintMask(rle, [red, green, blue], fill = 95) {
  const { height, width } = rle;
  const mask = decodeMask(rle);
  sheet.width = width;
  sheet.height = height;
  const context = sheet.getContext("2d", { willReadFrequently: true });
  const image = context.createImageData(width, height);
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i++) {
      if (!mask[i]) continue;
      const edge =
        row === 0 ||
        column === 0 ||
        row === height - 1 ||
        column === width - 1 ||
        !mask[i - 1] ||
        !mask[i + 1] ||
        !mask[i - width] ||
        !mask[i + width];
      image.data.set([red, green, blue, edge ? 255 : fill], 4 * i);
    }
  }
  context.putImageData(image, 0, 0);
  return sheet;
}

// Told apart by people who see no red or green as well (after Okabe and Ito); no red: that
// is for recording and stop.
export const PALETTE = [
  [86, 180, 233],
  [240, 200, 40],
  [0, 190, 140],
  [204, 121, 190],
  [255, 150, 60],
  [150, 140, 255],
];
export const rgb = (index) => PALETTE[index % PALETTE.length];
export const css = (index) => `rgb(${rgb(index).join(" ")})`;
