// Instructions with alternatives: "put the {cup|mug*2} on the {plate|tray}" is four instructions, of which
// those with the mug are wanted twice as often.

/** @typedef {{text: string, options: string[], weight: number}} Variant */

const ALTERNATIVES = /\{([^{}|]*(?:\|[^{}|]*)+)\}/;
const WEIGHTED = /^(.*?)\s*\*\s*(\d+(?:\.\d+)?)$/;
export const MOST = 500; // variants

/** @param {string} text */
export const isTemplate = (text) => ALTERNATIVES.test(text);

/** Every instruction that it stands for; none where it has no alternatives. @param {string} template
 * @returns {Variant[]} */
export function variantsOf(template) {
  if (!isTemplate(template)) return [];
  /** @type {Variant[]} */
  let made = [{ text: "", options: [], weight: 1 }];
  for (const [at, part] of template.split(ALTERNATIVES).entries()) {
    const choices = at % 2 ? part.split("|").flatMap(option) : [{ text: part, weight: 1 }];
    made = made.flatMap((variant) =>
      choices.map((choice) => joined(variant, choice, at % 2 === 1)),
    );
    if (made.length > MOST) return [];
  }
  return merged(made.map((variant) => ({ ...variant, text: oneLine(variant.text) })));
}

/** As the server keeps what people write. @param {string} text */
export const oneLine = (text) => text.normalize("NFC").replace(/\s+/g, " ").trim();

/** Those that are said alike are one, which weighs as much as they do. @param {Variant[]} variants */
function merged(variants) {
  /** @type {Map<string, Variant>} */
  const known = new Map();
  for (const variant of variants) {
    const weight = (known.get(variant.text)?.weight ?? 0) + variant.weight;
    known.set(variant.text, { ...variant, weight });
  }
  return [...known.values()];
}

/** The one that is to be said next, after these: what was said least, for its weight; of several, that
 * which has least in common with what was said. @param {Variant[]} variants @param {string[]} said */
export function nextVariant(variants, said) {
  const known = new Map(variants.map((variant) => [variant.text, variant]));
  const before = said.flatMap((text) => known.get(text) ?? []);
  const scored = variants.map((variant) => {
    const times = before.filter(({ text }) => text === variant.text).length;
    const shared = before.reduce((sum, other) => sum + common(variant, other), 0);
    return { variant, score: [(times + 1) / variant.weight, shared] };
  });
  scored.sort(({ score: [a, b] }, { score: [c, d] }) => a - c || b - d);
  return scored[0]?.variant.text ?? "";
}

/** How many variants have takes, in words. @param {Variant[]} variants @param {string[]} said */
export function coveredWords(variants, said) {
  const covered = variants.filter(({ text }) => said.includes(text)).length;
  return `${covered} of ${variants.length} wordings have takes.`;
}

/** Nothing of what weighs nothing. @param {string} text */
function option(text) {
  const [, words, weight] = WEIGHTED.exec(text.trim()) ?? [];
  if (!weight) return [{ text: text.trim(), weight: 1 }];
  return Number(weight) > 0 ? [{ text: words, weight: Number(weight) }] : [];
}

/** @param {Variant} before @param {{text: string, weight: number}} choice @param {boolean} chosen */
function joined({ text, options, weight }, choice, chosen) {
  return {
    text: text + choice.text,
    options: chosen ? [...options, choice.text] : options,
    weight: weight * choice.weight,
  };
}

/** @param {Variant} one @param {Variant} other */
const common = (one, other) => one.options.filter((each, at) => each === other.options[at]).length;
