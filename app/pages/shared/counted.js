// How many of something, in words.

/** @param {number} count @param {string} word of one */
export const counted = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
