// What lies over a picture: masks, and the clicks and boxes that they were made from.

import { drawFaint, drawMask } from "../shared/mask_sheets.js";
import { rgb } from "../shared/palette.js";
import { otherMasks } from "./choices.js";
import { same } from "./held_click.js";
import { drawPrompt, drawRing, drawSuggestion } from "./prompts.js";

/** @import { Prompt, Suggestion } from "../shared/messages" */
/** @import { Rgb } from "../shared/palette.js" */
/** @import { Display } from "./display.js" */
/** @import { HeldClick } from "./held_click.js" */
/** @import { MaskSheets } from "../shared/mask_sheets.js" */
/** @import { Picture } from "./stage.js" */

/** @type {Rgb} */
const OTHER = [255, 255, 255]; // outlines of what the click may mean as well
const FAINTER = 0.6; // of objects that are not chosen

/** @param {CanvasRenderingContext2D} context @param {number} scale @param {Picture} scene
 * @param {MaskSheets} sheets @param {Display} display */
export function drawMasks(context, scale, { items, before, choice, offered }, sheets, { fill }) {
  if (before) drawFaint(context, scale, sheets.of(before.rle, rgb(before.index)));
  for (const { mask, index, chosen, provisional } of items) {
    if (offered && chosen) continue; // what was found is in its place
    const painted = sheets.of(mask.rle, rgb(index));
    drawMask(context, scale, painted, chosen ? fill : FAINTER * fill, provisional);
  }
  for (const rle of offered ? [] : otherMasks(choice))
    drawMask(context, scale, sheets.of(rle, OTHER), 0);
}

/** What was found: the chosen mask as one that is not sure yet, the outlines of the others.
 * @param {CanvasRenderingContext2D} context @param {number} scale @param {Picture} scene
 * @param {MaskSheets} sheets @param {Display} display */
export function drawOffered(context, scale, { offered, chosenIndex }, sheets, { fill }) {
  for (const [index, { rle }] of (offered?.found.found ?? []).entries()) {
    const chosen = index === offered?.chosen;
    const painted = sheets.of(rle, chosen ? rgb(chosenIndex) : OTHER);
    drawMask(context, scale, painted, chosen ? fill : 0, chosen);
  }
}

/** @param {CanvasRenderingContext2D} context @param {number} scale
 * @param {(Prompt & {index: number})[]} prompts @param {HeldClick} held */
export function drawPrompts(context, scale, prompts, held) {
  for (const prompt of prompts) {
    drawPrompt(context, scale, held.drawn(prompt));
    if (same(prompt, held.under) && !held.to) drawRing(context, scale, prompt);
  }
}

/** @param {CanvasRenderingContext2D} context @param {number} scale @param {Suggestion[]} suggested */
export function drawSuggestions(context, scale, suggested) {
  for (const { click } of suggested) if (click) drawSuggestion(context, scale, click);
}
