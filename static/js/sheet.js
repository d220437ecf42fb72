/**
 * The sheet of a quiz: saves each answer as it is given. Without this script
 * the same form saves and submits by its buttons.
 */
import { element, fragment, hideNotice, showNotice } from "./notices.js";
import { keptUnder, readOutcome, SaveQueue } from "./save-queue.js";

const OFFLINE = "You are offline. Your answers are kept on this page and sent when the connection is back.";
const BUSY = "The server is not answering just now. Your answers are kept on this page and sent again by themselves.";
const SIGNED_OUT = "You have been signed out. Your answers are kept on this page; sign in again and they are sent.";
const TIMEOUT = 20000;

/** @param {HTMLFormElement} form  form[data-attempt] */
export function startSheet(form) {
  new Sheet(form).start();
}

class Sheet {
  #form;
  #queue;
  #submitting = false;

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#form = form;
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
    addEventListener("offline", () => showNotice("connection", "warning", OFFLINE));
    addEventListener("focus", () => this.#signedInAgain());
    document.addEventListener("visibilitychange", () => this.#signedInAgain());
    addEventListener("beforeunload", (event) => {
      if (this.#queue.waiting > 0 && !this.#submitting) event.preventDefault();
    });
    addEventListener("pageshow", (event) => this.#ready(event));
    for (const answer of this.#queue.restore()) this.#fill(answer);
    this.#takeEarly();
    this.#count();
  }

  /** What was answered while this script was still on its way. */
  #takeEarly() {
    for (const block of this.#form.querySelectorAll("[data-item]")) {
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
    this.#say(block, "Not saved yet", "unsent");
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
    if (outcome.kind === "refused") this.#say(block, "This answer could not be saved. Load the page again to see what is saved.", "refused");
  }

  #saved(block, outcome) {
    const rev = this.#rev(block);
    if (rev && outcome.rev !== undefined) rev.value = outcome.rev;
    if (!this.#queue.has(block.dataset.item)) this.#say(block, `Saved ${outcome.at}`, "");
  }

  /** Shows the answer that was saved elsewhere in place of ours. */
  #replace(block, outcome) {
    const theirs = fragment(outcome.html);
    if (theirs?.dataset.item !== block.dataset.item) {
      this.#say(block, "You answered this in another window. Load the page again to see what is saved.", "refused");
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
    this.#say(block, "Not saved yet", "unsent");
  }

  #show(state, waiting, outcome) {
    const left = waiting === 1 ? "1 answer is" : `${waiting} answers are`;
    const words = {
      idle: "All saved",
      saving: "Saving",
      waiting: `${left} not sent yet`,
      "signed-out": `${left} not sent yet`,
      closed: "",
    };
    const line = this.#form.querySelector("[data-sheet-state]");
    const news = state !== "idle" || line?.textContent !== "";
    if (line && news && line.textContent !== words[state]) line.textContent = words[state];
    if (state === "waiting") showNotice("connection", "warning", outcome?.status ? BUSY : OFFLINE);
    if (state === "signed-out") showNotice("signed-out", "error", SIGNED_OUT, { text: "Sign in (new tab)", href: this.#form.dataset.signIn ?? "/login" });
    if (state === "idle") hideNotice("connection");
    if (state === "idle" || state === "saving") hideNotice("signed-out");
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
      showNotice("submit", "error", "Some answers have not reached the server yet, so nothing was submitted. Try again when they are saved.");
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
    const blocks = [...this.#form.querySelectorAll("[data-item]")];
    const answered = blocks.filter((block) => isAnswered(block)).length;
    const line = this.#form.querySelector("[data-answered]");
    if (line) line.textContent = `${answered} of ${blocks.length} answered`;
  }

  #say(block, text, tone) {
    let line = block.querySelector("[data-saved]");
    if (!line) {
      line = element("p", { role: "status", "data-saved": "" });
      block.append(line);
    }
    line.className = `saved ${tone}`.trim();
    line.textContent = text;
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
