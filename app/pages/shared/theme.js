// Light or dark: what the system prefers, until somebody chooses.

const KEY = "teachloop-appearance";
const wish = matchMedia("(prefers-color-scheme: dark)");

function apply() {
  const chosen = localStorage.getItem(KEY);
  const dark = chosen ? chosen === "dark" : wish.matches;
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
  const chosen = localStorage.getItem(KEY);
  const dark = chosen ? chosen === "dark" : wish.matches;
  if (document.body.classList.contains("dark") !== dark) apply();
}).observe(document.body, { attributes: true, attributeFilter: ["class"] });
