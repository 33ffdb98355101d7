// What is said of a method's weights: what is named, where, how large, under which licence.

import { bytes, sentence } from "../shared/format.js";

/** @import { MethodWeights, PublishedWeights } from "../shared/messages" */

const HUB_ID = /^[\w.-]+\/[\w.-]+$/;

/** Green: it can be used; amber: what is named is not there. @param {MethodWeights} method */
export function lightOf({ takes_weights, weights, size }) {
  if (!takes_weights || (weights && size)) return "green";
  return weights ? "amber" : "";
}

/** @param {MethodWeights} method */
export function roleOf({ segments, propagates, finds, paraphrases }) {
  const roles = [
    segments && "segments",
    propagates && "propagates",
    finds && "finds by name",
    paraphrases && "paraphrases",
  ];
  return roles.filter(Boolean).join(", ");
}

/** The folder and the name of what is used. @param {MethodWeights} method */
export function placeOf({ takes_weights, weights }) {
  if (!weights) return ["", takes_weights ? "No weights" : "Built in"];
  const end = HUB_ID.test(weights) ? 0 : weights.lastIndexOf("/") + 1;
  return [weights.slice(0, end), weights.slice(end)];
}

/** @param {MethodWeights} method */
export function factsOf(method) {
  const { takes_weights, weights, size, named_in, needs, costs } = method;
  const said = needs && `needs ${needs}`;
  const there = size ? bytes(size) : "nothing is there";
  const facts = weights
    ? [there, licenceOf(method), `named in ${named_in}`]
    : [said, takes_weights ? "" : costs];
  return sentence(facts.filter(Boolean).join(" · "));
}

/** More than fits the row. @param {MethodWeights} method */
export function detailsOf({ needs, costs, variable }) {
  const named = variable && `${variable} can name weights, too`;
  return [needs && `needs ${needs}`, costs, named].filter(Boolean).map(sentence).join("\n");
}

/** Of what is named, where it is what is published. @param {MethodWeights} method */
function licenceOf({ weights, size, published }) {
  /** @param {PublishedWeights} each */
  const is = (each) =>
    each.path === weights || (each.size === size && weights.endsWith(`/${each.name}`));
  return published.find(is)?.licence ?? "";
}

/** @param {PublishedWeights} weights */
export function fetchWords({ size, here, licence }) {
  const facts = [bytes(size - here), licence].filter(Boolean).join(", ");
  return `${here ? "Fetch the rest" : "Fetch"} (${facts})`;
}
