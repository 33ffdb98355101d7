// A session may end while its page is open: the password is asked for in place, and whatever was
// typed stays.

import { input, make } from "./dom.js";

const PATIENCE_MS = 2000;
/** @type {Promise<void> | null} */
let asking = null;

export const session = { over: false };

/** Whether the server answers, but knows us no more. */
export async function sessionOver() {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return (await fetch("/api/session", { signal })).status === 401;
  } catch {
    return false; // it is away
  }
}

/** Ask for the password until it is the right one; all who ask meanwhile wait for the same. */
export function logIn() {
  session.over = true;
  asking ??= ask().finally(() => {
    asking = null;
    session.over = false;
  });
  return asking;
}

/** @returns {Promise<void>} */
function ask() {
  return new Promise((resolve) => {
    const dialog = passwordDialog(resolve);
    document.body.append(dialog);
    dialog.showModal();
    input(dialog, "input").focus();
  });
}

/** @param {() => void} done */
function passwordDialog(done) {
  const problem = make("p", { class: "problem", role: "alert" });
  const password = make("input", {
    id: "tl-password",
    type: "password",
    autocomplete: "current-password",
    required: true,
  });
  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    event.preventDefault();
    problem.textContent = await refusal(password.value);
    if (problem.textContent) return password.select();
    dialog.remove();
    done();
  };
  const dialog = make(
    "dialog",
    { class: "tl-dialog tl-login", "aria-labelledby": "tl-login-title", oncancel: keepOpen },
    make("h2", { id: "tl-login-title" }, "You are logged out"),
    make("p", {}, "This window drives no more. What you typed is still here."),
    make(
      "form",
      { onsubmit: submit },
      make("label", { for: "tl-password" }, "Password"),
      password,
      problem,
      make("div", { class: "closing" }, make("button", { class: "primary" }, "Log in")),
    ),
  );
  return dialog;
}

/** @param {Event} event */
const keepOpen = (event) => event.preventDefault();

/** Why the password does not do; empty where it does. @param {string} password */
async function refusal(password) {
  try {
    const body = new URLSearchParams({ password });
    const headers = { accept: "application/json" };
    const response = await fetch("/login", { method: "POST", headers, body });
    return response.ok ? "" : (await response.json()).error;
  } catch {
    return "The server is away. Try again in a moment.";
  }
}
