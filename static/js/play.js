/**
 * A play of a scenario: a choice is sent and the next scene put in the place
 * of this one. Without a network the choice is kept on this device and sent
 * when the connection is back. The server takes the same choice twice as one,
 * so sending again does no harm. Without this script the same form works by
 * its buttons.
 */
import { fragment, hideNotice, showNotice } from "./notices.js";

const OFFLINE = "You are offline. Your choice is kept on this device and sent when the connection is back.";
const BUSY = "The server is not answering just now. Your choice is kept on this device and sent again by itself.";
const SIGNED_OUT = "You have been signed out. Your choice is kept on this device; sign in again and it is sent.";
const TIMEOUT = 20000;
const PAUSES = [1000, 2000, 5000, 10000, 20000];

/** @param {HTMLElement} scene  [data-scene] */
export function startPlay(scene) {
  new Play(scene).start();
}

class Play {
  #scene;
  #sending = false;
  #tries = 0;
  #timer;

  /** @param {HTMLElement} scene */
  constructor(scene) {
    this.#scene = scene;
  }

  start() {
    this.#listen();
    addEventListener("online", () => this.#resume());
    addEventListener("focus", () => this.#resume());
    document.addEventListener("keydown", (event) => this.#digit(event));
    const kept = this.#kept();
    if (kept && kept.step === this.#scene.dataset.step) this.#send(kept);
    else this.#forget();
  }

  #listen() {
    this.#scene.querySelector("[data-offers]").addEventListener("submit", (event) => {
      const button = event.submitter;
      if (!button || button.name !== "choice") return;
      event.preventDefault();
      if (this.#sending || this.#kept()) return;
      this.#keep({ step: this.#scene.dataset.step, choice: button.value });
      this.#send(this.#kept());
    });
  }

  /** A digit goes to the choice of that number; Enter makes it. */
  #digit(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, select, textarea")) return;
    if (!/^[1-9]$/.test(event.key)) return;
    const offers = [...this.#scene.querySelectorAll(".offer-list > li")];
    offers[Number(event.key) - 1]?.querySelector("button")?.focus();
  }

  async #send(choice) {
    if (this.#sending) return;
    this.#sending = true;
    clearTimeout(this.#timer);
    this.#mark(choice.choice);
    try {
      const response = await fetch(`/attempts/${this.#scene.dataset.attempt}/choose`, {
        method: "POST",
        body: new URLSearchParams(choice),
        headers: { "X-Requested-With": "fetch" },
        signal: AbortSignal.timeout(TIMEOUT),
      });
      await this.#answered(response);
    } catch {
      this.#later(OFFLINE);
    } finally {
      this.#sending = false;
    }
  }

  /** @param {Response} response */
  async #answered(response) {
    const over = response.headers.get("X-Over");
    if (over) {
      this.#forget();
      location.assign(over);
      return;
    }
    if (response.status === 401) {
      showNotice("signed-out", "error", SIGNED_OUT, { text: "Sign in (new tab)", href: this.#scene.dataset.signIn });
      this.#say("Not sent yet");
      return;
    }
    if (response.status >= 500 || response.status === 429) {
      this.#later(BUSY);
      return;
    }
    const next = fragment(await response.text());
    this.#forget();
    if (!next?.matches("[data-scene]")) { // a page of another kind: show it as one
      location.reload();
      return;
    }
    hideNotice("connection");
    hideNotice("signed-out");
    this.#show(next);
  }

  /** @param {HTMLElement} next */
  #show(next) {
    this.#tries = 0;
    const put = () => {
      this.#scene.replaceWith(next);
      this.#scene = next;
      this.#listen();
      const title = next.querySelector("[data-scene-title]");
      title.focus({ preventScroll: true });
      (next.querySelector(":scope > .said") ?? title).scrollIntoView({ block: "start", behavior: "instant" });
    };
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (document.startViewTransition && !calm) document.startViewTransition(put);
    else put();
  }

  #later(why) {
    showNotice("connection", "warning", why);
    this.#say("Not sent yet");
    const pause = PAUSES[Math.min(this.#tries, PAUSES.length - 1)];
    this.#tries += 1;
    this.#timer = setTimeout(() => this.#resume(), pause);
  }

  #resume() {
    const kept = this.#kept();
    if (kept && !document.hidden) this.#send(kept);
  }

  /** Shows at once which choice was made. */
  #mark(token) {
    for (const button of this.#scene.querySelectorAll("button.offer")) {
      if (button.value === token) button.setAttribute("aria-busy", "true");
      button.setAttribute("aria-disabled", "true");
    }
    this.#say("");
  }

  #say(text) {
    const line = this.#scene.querySelector("[data-play-state]");
    if (line) line.textContent = text;
  }

  #key() {
    return `insidebox.play.${this.#scene.dataset.person}.${this.#scene.dataset.attempt}`;
  }

  #memory;

  /** @param {{step: string, choice: string}} choice */
  #keep(choice) {
    this.#memory = choice;
    try {
      localStorage.setItem(this.#key(), JSON.stringify(choice));
    } catch {
      // the browser forbids the store; then it is kept as long as the page is
    }
  }

  /** @returns {{step: string, choice: string}|undefined} */
  #kept() {
    if (this.#memory) return this.#memory;
    try {
      const kept = JSON.parse(localStorage.getItem(this.#key()) ?? "null");
      if (typeof kept?.step === "string" && typeof kept?.choice === "string") return kept;
    } catch {
      // not ours, or no store
    }
    return undefined;
  }

  #forget() {
    this.#memory = undefined;
    try {
      localStorage.removeItem(this.#key());
    } catch {
      // nothing was kept
    }
  }
}
