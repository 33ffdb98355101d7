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
    const choices = at % 2 ? part.split("|").map(option) : [{ text: part, weight: 1 }];
    made = made.flatMap((variant) =>
      choices.map((choice) => joined(variant, choice, at % 2 === 1)),
    );
    if (made.length > MOST) return [];
  }
  return made.map((variant) => ({ ...variant, text: variant.text.replace(/\s+/g, " ").trim() }));
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

/** @param {string} text */
function option(text) {
  const [, words, weight] = WEIGHTED.exec(text.trim()) ?? [];
  return weight && Number(weight) > 0
    ? { text: words, weight: Number(weight) }
    : { text: text.trim(), weight: 1 };
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
