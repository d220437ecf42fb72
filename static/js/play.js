/**
 * A play of a scenario: a choice is sent and the next scene put in the place
 * of this one. Without a network the choice is kept on this device and sent
 * when the connection is back. Without this script the same form works by its
 * buttons.
 */
import { KeptChoice, readAnswer } from "./kept-choice.js";
import { fragment, hideNotice, showNotice } from "./notices.js";
import { keptUnder } from "./save-queue.js";
import { say, wordsOf } from "./words.js";

const TIMEOUT = 20000;

/** @param {HTMLElement} scene  [data-scene] */
export function startPlay(scene) {
  new Play(scene).start();
}

class Play {
  #scene;
  #words;
  #kept;
  #fresh = false; // nothing has been pressed since the scene came

  /** @param {HTMLElement} scene */
  constructor(scene) {
    this.#scene = scene;
    this.#words = wordsOf(scene);
    const { person, attempt } = scene.dataset;
    this.#kept = new KeptChoice({
      send: (choice) => this.#send(choice),
      done: (outcome) => this.#done(outcome),
      waits: (outcome) => this.#waits(outcome),
      store: storage(),
      key: `${keptUnder(person, attempt)}choice`, // cleared with all that was kept of the attempt
      after: (run, ms) => setTimeout(run, ms),
      cancel: (timer) => clearTimeout(timer),
    });
  }

  start() {
    this.#listen();
    addEventListener("online", () => this.#kept.resume());
    addEventListener("focus", () => this.#kept.resume());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#kept.resume();
    });
    document.addEventListener("keydown", (event) => this.#digit(event));
    document.addEventListener("mousedown", (event) => this.#press(event));
    this.#kept.restore(this.#scene.dataset.step);
  }

  #listen() {
    const offers = this.#scene.querySelector("[data-offers]");
    // The second click of a double click must not choose in the scene that the first one led to.
    offers.addEventListener("click", (event) => {
      if (event.detail > 1) event.preventDefault();
    });
    offers.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (!button || button.name !== "choice") return;
      event.preventDefault();
      this.#kept.put({ step: this.#scene.dataset.step, choice: button.value });
    });
    this.#scene.dataset.live = ""; // until then the form posts itself
  }

  /** The second press of a double click on a choice may come when the next scene is there: the focus stays on its title. */
  #press(event) {
    if (this.#fresh && event.detail > 1) event.preventDefault();
    else this.#fresh = false;
  }

  /** A digit goes to the choice of that number; Enter makes it. */
  #digit(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, select, textarea")) return;
    if (!/^[1-9]$/.test(event.key)) return;
    const offers = [...this.#scene.querySelectorAll(".choice-list > li")];
    offers[Number(event.key) - 1]?.querySelector("button")?.focus();
  }

  async #send(choice) {
    this.#mark(choice.choice);
    const response = await fetch(`/attempts/${this.#scene.dataset.attempt}/choose`, {
      method: "POST",
      body: new URLSearchParams(choice),
      headers: { "X-Requested-With": "fetch" },
      signal: AbortSignal.timeout(TIMEOUT),
    });
    return readAnswer(response);
  }

  /** Shows at once which choice was made. */
  #mark(token) {
    for (const button of this.#scene.querySelectorAll("button.choice")) {
      if (button.value === token) button.setAttribute("aria-busy", "true");
      button.setAttribute("aria-disabled", "true");
    }
    const line = this.#scene.querySelector("[data-play-state]");
    if (line.textContent === "") line.textContent = say(this.#words, "sending");
  }

  #waits({ kind, offline }) {
    if (kind === "signed-out") {
      showNotice("signed-out", "error", say(this.#words, "signed-out"), { text: say(this.#words, "sign-in"), href: this.#scene.dataset.signIn });
    } else {
      showNotice("connection", "warning", say(this.#words, offline ? "offline" : "busy"));
    }
    this.#scene.querySelector("[data-play-state]").textContent = say(this.#words, "not-sent");
  }

  async #done({ kind, url, html }) {
    hideNotice("connection");
    hideNotice("signed-out");
    if (kind === "over") return location.assign(url);
    const next = fragment(html);
    if (!next?.matches("[data-scene]")) return location.reload(); // a page of another kind: show it as one
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (document.startViewTransition && !calm) await document.startViewTransition(() => this.#show(next)).updateCallbackDone;
    else this.#show(next);
  }

  /** @param {HTMLElement} next */
  #show(next) {
    glide(this.#scene, next);
    this.#scene.replaceWith(next);
    this.#scene = next;
    this.#fresh = true;
    this.#listen();
    const title = next.querySelector("[data-scene-title]");
    title.focus({ preventScroll: true });
    (next.querySelector(":scope > .said") ?? title).scrollIntoView({ block: "start", behavior: "instant" });
  }
}

/** The meters go on from where they stood; how fast is the style sheet's business. */
function glide(before, next) {
  for (const meter of next.querySelectorAll("meter[aria-label]")) {
    const old = before.querySelector(`meter[aria-label="${CSS.escape(meter.ariaLabel)}"]`);
    if (!old || old.value === meter.value) continue;
    const { value } = meter;
    meter.value = old.value;
    requestAnimationFrame(() => requestAnimationFrame(() => { meter.value = value; }));
  }
}

/** The device's own store, or nothing where the browser forbids it. */
function storage() {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
