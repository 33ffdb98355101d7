// In whose name this browser changes labels. It is remembered, and begins as the operator's.

const KEY = "teachloop-author";

export const author = {
  get name() {
    return localStorage.getItem(KEY) ?? localStorage.getItem("teachloop-operator") ?? "";
  },
  /** @param {string} text */
  set name(text) {
    localStorage.setItem(KEY, text.trim());
  },
};
