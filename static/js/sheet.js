/**
 * The sheet of a quiz: saves each answer as it is given. Without this script
 * the same form saves and submits by its buttons.
 */
import { element, fragment, hideNotice, showNotice } from "./notices.js";
import { keptUnder, readOutcome, SaveQueue } from "./save-queue.js";
import { startKeys } from "./sheet-keys.js";
import { say, wordsOf } from "./words.js";

const TIMEOUT = 20000;

/** @param {HTMLFormElement} form  form[data-attempt] */
export function startSheet(form) {
  new Sheet(form).start();
}

class Sheet {
  #form;
  #words;
  #queue;
  #submitting = false;
  #savedAt = "";

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#form = form;
    this.#words = wordsOf(form);
    this.#queue = new SaveQueue({
      send: (answer) => this.#send(answer),
      done: (outcome, answer) => this.#done(outcome, answer),
      changed: (state, waiting, outcome) => this.#show(state, waiting, outcome),
      store: storage(),
      prefix: keptUnder(form.dataset.person, form.dataset.attempt),
      window: crypto.getRandomValues(new Uint32Array(2)).join("-"),
      after: (run, ms) => setTimeout(run, ms),
      cancel: (timer) => clearTimeout(timer),
      random: Math.random,
    });
  }

  start() {
    this.#form.addEventListener("change", (event) => this.#take(event.target.closest("[data-item]")));
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    addEventListener("online", () => this.#queue.resume());
    addEventListener("offline", () => showNotice("connection", "warning", this.#t("offline")));
    addEventListener("focus", () => this.#signedInAgain());
    document.addEventListener("visibilitychange", () => this.#signedInAgain());
    addEventListener("beforeunload", (event) => {
      if (this.#queue.waiting > 0 && !this.#submitting) event.preventDefault();
    });
    addEventListener("pageshow", (event) => this.#ready(event));
    for (const answer of this.#queue.restore()) this.#fill(answer);
    this.#takeEarly();
    this.#count();
    const line = this.#form.querySelector("[data-sheet-state]");
    if (line && this.#queue.waiting === 0 && this.#form.querySelector(".saved:not(:empty)")) line.textContent = this.#t("all-saved");
    startKeys(this.#form);
    const jump = this.#form.querySelector("#jump");
    jump?.addEventListener("click", (event) => {
      if (event.target.closest("a") && jump.matches(":popover-open")) jump.hidePopover();
    });
  }

  #t(id, values) {
    return say(this.#words, id, values);
  }

  /** What was answered while this script was still on its way. */
  #takeEarly() {
    for (const block of this.#blocks()) {
      if (isChanged(block) && !this.#queue.has(block.dataset.item)) this.#take(block);
    }
  }

  /** Back from the sign-in page in another tab, or simply back. */
  #signedInAgain() {
    if (!document.hidden && this.#queue.state === "signed-out") this.#queue.resume();
  }

  /** @param {HTMLElement|null} block  the question that changed */
  #take(block) {
    if (!block) return;
    const item = block.dataset.item;
    this.#queue.put(item, this.#fields(item), this.#rev(block)?.value ?? "0");
    this.#count();
  }

  /** Everything the form would post for an item, and a mark that it was posted. */
  #fields(item) {
    const own = [...new FormData(this.#form)].filter(([name]) => name === `q.${item}` || name.startsWith(`q.${item}.`));
    return [...own.map(([name, value]) => [name, String(value)]), [`seen.${item}`, "1"]];
  }

  async #send(answer) {
    const body = new URLSearchParams(answer.fields);
    body.set(`rev.${answer.item}`, answer.rev);
    const response = await fetch(this.#form.dataset.save, {
      method: "POST",
      body,
      headers: { "X-Requested-With": "fetch" },
      signal: AbortSignal.timeout(TIMEOUT),
    });
    return readOutcome(response, this.#form.dataset.result);
  }

  #done(outcome, answer) {
    if (outcome.kind === "closed") {
      this.#submitting = true;
      location.assign(outcome.url);
      return;
    }
    const block = this.#block(answer.item);
    if (!block) return;
    if (outcome.kind === "saved") this.#saved(block, outcome);
    if (outcome.kind === "conflict") this.#replace(block, outcome);
    if (outcome.kind === "refused") this.#say(block, this.#t("refused"), "refused");
  }

  #saved(block, outcome) {
    const rev = this.#rev(block);
    if (rev && outcome.rev !== undefined) rev.value = outcome.rev;
    this.#savedAt = outcome.at;
    block.querySelector("[data-conflict]")?.remove(); // it was about the answer before
    if (!this.#queue.has(block.dataset.item)) this.#say(block, this.#t("saved-at", { Time: outcome.at }), "");
  }

  /** Shows the answer that was saved elsewhere in place of ours. */
  #replace(block, outcome) {
    const theirs = fragment(outcome.html);
    if (theirs?.dataset.item !== block.dataset.item) {
      this.#say(block, this.#t("elsewhere"), "refused");
      return;
    }
    block.replaceWith(theirs);
    const note = theirs.querySelector("[data-conflict]") ?? theirs;
    note.setAttribute("tabindex", "-1");
    note.focus();
    this.#count();
  }

  /** Puts an answer that was kept on this device back into the form. */
  #fill(answer) {
    const block = this.#block(answer.item);
    if (!block) return;
    const chosen = new Set(answer.fields.map(([name, value]) => `${name}=${value}`));
    for (const input of block.querySelectorAll("input[type=radio], input[type=checkbox]")) {
      input.checked = chosen.has(`${input.name}=${input.value}`);
    }
    const texts = new Map(answer.fields);
    for (const input of block.querySelectorAll("select, textarea, input:not([type=radio], [type=checkbox], [type=hidden])")) {
      if (texts.has(input.name)) input.value = texts.get(input.name);
    }
  }

  #show(state, waiting, outcome) {
    const words = {
      idle: this.#savedAt ? this.#t("all-saved-at", { Time: this.#savedAt }) : this.#t("all-saved"),
      saving: this.#t("saving"),
      waiting: this.#t("waiting", { N: waiting }),
      "signed-out": this.#t("waiting", { N: waiting }),
      closed: "",
    };
    const line = this.#form.querySelector("[data-sheet-state]");
    const news = state !== "idle" || line?.textContent !== "";
    if (line && news && line.textContent !== words[state]) line.textContent = words[state];
    this.#tellWaiting(state);
    if (state === "waiting") showNotice("connection", "warning", this.#t(outcome?.status ? "busy" : "offline"));
    if (state === "signed-out") showNotice("signed-out", "error", this.#t("signed-out"), { text: this.#t("sign-in"), href: this.#form.dataset.signIn ?? "/login" });
    if (state === "idle") hideNotice("connection");
    if (state === "idle" || state === "saving") hideNotice("signed-out");
  }

  /** A question says at once that its answer is on its way; that it is not saved, only when something keeps it back. */
  #tellWaiting(state) {
    const late = state === "waiting" || state === "signed-out";
    for (const block of this.#blocks()) {
      if (!this.#queue.has(block.dataset.item)) continue;
      if (late) this.#say(block, this.#t("not-saved"), "unsent");
      else if (!block.querySelector(".saved.unsent")) this.#say(block, this.#t("saving"), "");
    }
  }

  /** Lets a running save finish first, so that it can't look like another window's. */
  async #submit(event) {
    if (event.submitter?.hasAttribute("formaction")) return;
    if (this.#submitting) return event.preventDefault();
    if (this.#queue.waiting === 0) return this.#leave();
    event.preventDefault();
    const button = this.#button();
    button?.setAttribute("aria-disabled", "true");
    this.#queue.resume();
    while (this.#queue.waiting > 0 && this.#queue.state === "saving") await this.#queue.settled();
    button?.removeAttribute("aria-disabled");
    if (this.#queue.waiting > 0) {
      showNotice("submit", "error", this.#t("not-submitted"));
      return;
    }
    this.#leave();
    this.#form.submit();
  }

  #leave() {
    this.#submitting = true;
    hideNotice("submit");
    this.#button()?.setAttribute("aria-disabled", "true");
  }

  /** A page from the browser's memory is on its way to a fresh one (app.js); what waits is kept on this device. */
  #ready({ persisted }) {
    this.#submitting = persisted;
    this.#button()?.removeAttribute("aria-disabled");
  }

  #count() {
    const blocks = this.#blocks();
    let answered = 0;
    for (const block of blocks) {
      const done = isAnswered(block);
      answered += Number(done);
      const entry = this.#form.querySelector(`[data-jump="${CSS.escape(block.dataset.item)}"]`);
      entry?.classList.toggle("answered", done);
      entry?.querySelector("[data-jump-state]").replaceChildren(this.#t(done ? "is-answered" : "is-open"));
    }
    const line = this.#form.querySelector("[data-answered]");
    if (line) line.textContent = this.#t("answered", { N: answered, Of: blocks.length });
    const bar = this.#form.querySelector("[data-progress]");
    if (bar) bar.value = answered;
  }

  #say(block, text, tone) {
    let line = block.querySelector("[data-saved]");
    if (!line) {
      line = element("p", { "data-saved": "" });
      block.append(line);
    }
    if (line.textContent === text) return;
    if (tone === "refused") line.setAttribute("role", "alert");
    else line.removeAttribute("role");
    line.className = `saved ${tone}`.trim();
    line.textContent = text;
  }

  #blocks() {
    return [...this.#form.querySelectorAll("[data-item]")];
  }

  #block(item) {
    return this.#form.querySelector(`[data-item="${CSS.escape(item)}"]`);
  }

  #rev(block) {
    return block.querySelector(`input[name="rev.${CSS.escape(block.dataset.item)}"]`);
  }

  #button() {
    return this.#form.querySelector("[data-submit]");
  }
}

function isAnswered(block) {
  return controlsOf(block).some((input) => (isTick(input) ? input.checked : input.value.trim() !== ""));
}

/** Whether a block says something else than the server sent. */
function isChanged(block) {
  return controlsOf(block).some((input) => {
    if (input.options) return input.selectedIndex !== Math.max(0, [...input.options].findIndex((option) => option.defaultSelected));
    return isTick(input) ? input.checked !== input.defaultChecked : input.value !== input.defaultValue;
  });
}

function controlsOf(block) {
  return [...block.querySelectorAll("input:not([type=hidden]), select, textarea")];
}

function isTick(input) {
  return /^(radio|checkbox)$/.test(input.type);
}

/** The device's own store, or nothing where the browser forbids it. */
function storage() {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
