// What somebody has to say of a take, in their own words.

import { api } from "./api.js";
import { author } from "./author.js";
import { openDialog } from "./dialogs.js";
import { find, make } from "./dom.js";
import { notify, saying } from "./notices.js";
import { during } from "./pending.js";
import { takes } from "./takes.js";

const LONGEST = 20_000;

/** Ask for it, with what was said before. @param {string} id of a take */
export async function askNote(id) {
  if (!takes.find(id)) await takes.refresh();
  const take = takes.find(id);
  if (!take) return notify("This take is not in the list yet. Try again in a moment.", "amber");
  const title = `Note on take ${take.number}`;
  const text = make("textarea", {
    rows: 4,
    maxlength: LONGEST,
    autofocus: true,
    "aria-label": title,
  });
  text.value = take.note;
  const save = () => {
    dialog.close();
    if (text.value.trim() !== take.note) setNote(id, text.value.trim());
  };
  text.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) dialog.close();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    save();
  });
  const hint = "Enter saves, with Shift a new line; Escape leaves it as it was.";
  const buttons = [
    make("button", { onclick: () => dialog.close() }, "Cancel"),
    make("button", { class: "primary", onclick: save }, "Save"),
  ];
  const dialog = openDialog(
    title,
    make("h2", {}, title),
    text,
    make("p", { class: "hint" }, hint),
    make("div", { class: "closing" }, ...buttons),
  );
  find(dialog, "textarea").focus();
}

/** @param {string} id @param {string} note */
async function setNote(id, note) {
  const before = takes.find(id)?.note ?? "";
  const edits = { [id]: { note } };
  const ask = () => api.post("/api/takes/edit", { edits, author: author.name });
  const answer = await saying(() => during("writing the note down", ask()));
  if (!answer) return;
  const [refused] = takes.leftOut(answer.refused);
  if (refused) return notify(refused, "bad");
  await takes.refresh();
  const what = note ? "The note is kept." : "The note is gone.";
  notify(what, "", () => setNote(id, before));
}
