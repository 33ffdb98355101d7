// Light or dark: what the system prefers, until somebody chooses.

const KEY = "teachloop-appearance";
const wish = matchMedia("(prefers-color-scheme: dark)");

function wanted() {
  const chosen = localStorage.getItem(KEY);
  return chosen ? chosen === "dark" : wish.matches;
}

function apply() {
  const dark = wanted();
  document.body.classList.toggle("dark", dark);
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
  window.dispatchEvent(new Event("appearance")); // what is drawn on a canvas knows no style sheet
}

export function toggleAppearance() {
  localStorage.setItem(KEY, document.body.classList.contains("dark") ? "light" : "dark");
  apply();
}

wish.addEventListener("change", apply);
apply();
// Gradio sets its own class once it has started.
new MutationObserver(() => {
  if (document.body.classList.contains("dark") !== wanted()) apply();
}).observe(document.body, { attributes: true, attributeFilter: ["class"] });
