// What a lone click may mean, where the segmenter leaves it open.

/** @import { Choice } from "../shared/messages" */
/** @import { LabelStore } from "./store.js" */

/** The newest lone click on the object, in the frames that are shown: its key acts there.
 * @param {LabelStore} store @param {{camera: string, frame: number}[]} places
 * @param {string | null} object */
export function loneClick(store, places, object) {
  const newest = [...store.said.prompts].reverse().filter((each) => each.object === object);
  const clicked = newest.map(({ camera, frame }) => ({ camera, frame }));
  return clicked.find((at) => {
    const shown = places.some(({ camera, frame }) => camera === at.camera && frame === at.frame);
    const said = store.promptsAt(at.camera, at.frame).filter((each) => each.object === object);
    return shown && said.length === 1 && said[0].kind === "point" && said[0].positive;
  });
}

/** The masks besides the chosen one, in the frame that was clicked on last.
 * @param {Choice | null} choice @param {string} camera @param {number} frame
 * @param {string | null} object */
export function choiceAt(choice, camera, frame, object) {
  const here = choice?.camera === camera && choice.frame === frame && choice.object === object;
  return here ? choice : null;
}

/** Those that are not chosen. @param {Choice | null} choice */
export function otherMasks(choice) {
  return choice ? choice.masks.filter((_, index) => index !== choice.chosen) : [];
}

/** How many masks the click may mean, in words. @param {Choice | null} choice */
export function alternatives(choice) {
  return choice ? ` · mask ${choice.chosen + 1} of ${choice.masks.length}, I: another` : "";
}
