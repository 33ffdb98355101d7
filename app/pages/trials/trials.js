// Trials on the robot, or in the simulator: an attempt after another, as a study has them planned.

import { api } from "../shared/api.js";
import { connection } from "../shared/connection.js";
import { confirmed } from "../shared/dialogs.js";
import {
  button,
  find,
  input,
  refill,
  select,
  setChoices,
  setDisabled,
  setText,
  toggleClass,
  toggleHidden,
} from "../shared/dom.js";
import { bind, bindButton, kbd } from "../shared/keys.js";
import { notify, saying } from "../shared/notices.js";
import { during } from "../shared/pending.js";
import { station } from "../shared/station.js";
import { askReason, showAttempt } from "./attempt.js";
import { askForStudy } from "./form.js";
import { Photo } from "./photo.js";
import { empty, found, hintOf, showNext } from "./study.js";
import { Verdict } from "./verdict.js";

/** @import { Study, StudySummary, Task } from "../shared/messages" */
/** @import { Session } from "../shared/session.js" */
/** @import { Choice } from "./form.js" */
/** @typedef {{policies: Choice[], chosen: string, tasks: Task[]}} Offer what can be tried */

const KEY = "teachloop-trials"; // the study that is open in this browser
const AGAIN = "tried again";

export class Trials {
  /** @param {HTMLElement} element @param {Session} session @param {() => Offer} offer */
  constructor(element, session, offer) {
    this.element = element;
    this.session = session;
    this.offer = offer;
    this.strip = find(element, ".strip.trials");
    this.card = find(element, ".card.trial");
    this.which = select(this.strip, ".which");
    this.photo = new Photo(input(this.card, "#trial-opacity"), find(this.card, ".problem"));
    this.verdict = new Verdict(find(element, ".verdict"), (said) => this.judge(said));
    /** @type {StudySummary[]} */
    this.all = [];
    /** @type {Study | null} */
    this.study = null;
    this.open = localStorage.getItem(KEY) !== null;
    this.busy = false;
    this.signature = ""; // of what is shown of the study
    this.bindKeys();
    this.which.addEventListener("change", () => this.choose(this.which.value));
    connection.on("trials", () => this.read());
    connection.on("hello", () => this.read());
  }

  bindKeys() {
    /** @param {string} name @param {() => unknown} run */
    const bound = (name, run) => bindButton("rollout", button(this.element, name), run);
    bound(".open-trials", () => this.toggle(true));
    bound(".close-trials", () => this.toggle(false));
    bound(".new-trials", () => this.ask());
    bound(".pause-trials", () => this.pause());
    bound(".reveal-trials", () => this.reveal());
    bound(".verdict .again", () => this.ofWaiting((number) => this.void(number, AGAIN)));
    bound(".verdict .void", () => this.ofWaiting((number) => this.askWhy(number)));
    bound(".flip", () => this.faded(() => this.photo.flip()));
    const shown = () => this.active && this.photo.take !== "";
    bind("rollout", "[", () => this.faded(() => this.photo.fade(-1)), shown);
    bind("rollout", "]", () => this.faded(() => this.photo.fade(1)), shown);
    find(this.card, ".fading").append(kbd("["), kbd("]"));
  }

  /** Whether Run means the next attempt. */
  get active() {
    return this.open && this.study !== null;
  }

  /** Whether nothing may tell which policy drives. */
  get blind() {
    return this.active && !this.study?.revealed;
  }

  /** Whether the next attempt can begin. */
  get able() {
    return !this.busy && this.study?.due !== null && !this.study?.paused;
  }

  /** @param {boolean} open */
  toggle(open) {
    this.open = open;
    if (open) localStorage.setItem(KEY, this.study?.id ?? "");
    else localStorage.removeItem(KEY);
    this.read();
    this.update();
  }

  /** @param {() => void} how */
  faded(how) {
    how();
    this.showPhoto();
  }

  ask() {
    const { policies, chosen, tasks } = this.offer();
    askForStudy(policies, chosen, tasks, (study) => this.choose(study.id));
  }

  /** @param {string} id */
  choose(id) {
    localStorage.setItem(KEY, id);
    return this.read();
  }

  async read() {
    if (!this.open) return;
    const listed = await saying(() => api.get("/api/trials"));
    if (!listed) return;
    this.all = listed.studies;
    const wanted = localStorage.getItem(KEY);
    const row = this.all.find(({ id }) => id === wanted) ?? this.all[0];
    this.study = row ? await saying(() => api.get(`/api/trials/${row.id}`)) : null;
    this.signature = JSON.stringify(this.study);
    this.update();
  }

  async begin() {
    await this.asking("setting up the attempt", "begin_attempt", {});
  }

  /** @param {import("./verdict.js").Said} said */
  judge(said) {
    this.ofWaiting((number) =>
      this.asking("keeping the verdict", "judge_attempt", { number, verdict: said }),
    );
  }

  /** With the attempt that waits now; another may by the time that somebody answers.
   * @param {(number: number) => unknown} run */
  ofWaiting(run) {
    const number = this.study?.waiting;
    if (typeof number === "number") run(number);
  }

  /** @param {number} number */
  askWhy(number) {
    askReason((reason) => this.void(number, reason));
  }

  /** @param {number} number @param {string} reason */
  async void(number, reason) {
    await this.asking("writing that down", "void_attempt", { number, reason });
  }

  /** @param {string} words @param {string} type @param {object} fields */
  async asking(words, type, fields) {
    if (!this.study) return;
    if (this.busy) return notify("Not done: something else is under way. Say it again.", "amber");
    const { id } = this.study;
    this.busy = true;
    this.update();
    await saying(() => during(words, connection.ask(type, { study: id, ...fields })));
    await this.read();
    this.busy = false;
    this.update();
  }

  async pause() {
    if (!this.study) return;
    const path = `/api/trials/${this.study.id}/${this.study.paused ? "resume" : "pause"}`;
    await saying(() => api.post(path));
  }

  async reveal() {
    const { study } = this;
    if (!study) return;
    const left = `${study.planned - study.judged} attempts are left. It is kept that the names were told before.`;
    if (!(await confirmed("Tell the names now?", left, "Tell them", "Stay blind"))) return;
    await saying(() => api.post(`/api/trials/${study.id}/reveal`));
  }

  /** @param {number} number */
  look(number) {
    if (!this.study) return;
    const judge = (/** @type {number} */ score) =>
      this.asking("keeping the verdict", "judge_attempt", { number, verdict: { score } });
    showAttempt(this.study, number, { judge, void: () => this.askWhy(number) });
  }

  update() {
    const { element, study, active } = this;
    toggleClass(element, "trying", active);
    toggleHidden(this.strip, !this.open);
    toggleHidden(find(element, ".strip.batch"), this.open);
    toggleHidden(this.card, !active);
    toggleHidden(find(element, ".verdict"), !active);
    this.showPhoto();
    if (!this.open) return;
    this.showList();
    this.showStudy();
    if (!study) return;
    showNext(this.card, study);
    this.showVerdict(study);
  }

  /** @param {Study} study */
  showVerdict(study) {
    const { take, scene } = station.state ?? {};
    const waits = study.waiting === null ? null : study.attempts[study.waiting];
    const { phase } = station;
    const running = phase === "recording" || phase === "countdown";
    const able = station.driving && !this.busy && waits !== null && !running;
    const over = waits && phase === "review" && take?.id === waits.take;
    this.verdict.show(study, able, over && scene ? (take.success ?? scene.success) : null);
    for (const name of [".again", ".void"]) {
      setDisabled(button(this.element, `.verdict ${name}`), !able);
    }
  }

  showPhoto() {
    const { study } = this;
    const at = this.active && study?.waiting === null ? study.due : null;
    const picture = at && study ? study.scenes[at.scene].picture : "";
    const shown = station.phase === "recording" || station.phase === "review" ? "" : picture;
    this.photo.show(this.session.views, shown);
    setDisabled(button(this.card, ".flip"), !shown);
    setDisabled(this.photo.slider, !shown);
  }

  showList() {
    const choices = this.all.map(({ id, name, judged, planned }) => ({
      value: id,
      text: `${name} · ${judged} of ${planned}`,
    }));
    setChoices(this.which, choices);
    toggleHidden(this.which, !choices.length);
    if (this.study) this.which.value = this.study.id;
  }

  showStudy() {
    const { study } = this;
    for (const name of [".pause-trials", ".reveal-trials", ".export"]) {
      toggleHidden(find(this.strip, name), !study);
    }
    refill(find(this.strip, ".trial-results"), this.signature, () =>
      study ? found(study, (number) => this.look(number)) : [empty()],
    );
    if (!study) return;
    toggleHidden(button(this.strip, ".reveal-trials"), study.revealed);
    const pause = button(this.strip, ".pause-trials");
    setText(pause.firstChild, study.paused ? "Go on" : "Pause");
    toggleHidden(pause, !study.due);
    for (const kind of ["csv", "json"]) {
      const address = `/api/trials/${study.id}/export.${kind}`;
      find(this.strip, `.export .${kind}`).setAttribute("href", address);
    }
  }

  /** What can be done now. @param {string} phase */
  hint(phase) {
    return this.study ? hintOf(this.study, phase) : "";
  }
}
