/**
 * One choice on its way to the server: kept on this device before it is sent,
 * and sent again until it is answered. The server takes the same choice twice
 * as one. What is done with the answer, and the page, are play.js's business.
 */
const PAUSES = [1000, 2000, 5000, 10000, 20000];

/**
 * @typedef {{step: string, choice: string}} Choice  the fields that are posted
 * @typedef {{kind: "over", url: string} | {kind: "scene", html: string} | {kind: "signed-out"} | {kind: "later", offline?: boolean}} Outcome
 */
export class KeptChoice {
  #options;
  #choice;
  #sending = false;
  #tries = 0;
  #timer;

  /**
   * @param {object} options
   * @param {(choice: Choice) => Promise<Outcome>} options.send
   * @param {(outcome: Outcome) => unknown} options.done  the choice was answered
   * @param {(outcome: Outcome) => unknown} options.waits  it was not, and is sent again
   * @param {Storage} [options.store]  nothing where the browser forbids it: then it is kept as long as the page is
   * @param {string} options.key
   * @param {(run: () => void, ms: number) => unknown} options.after
   * @param {(timer: unknown) => void} options.cancel
   */
  constructor(options) {
    this.#options = options;
  }

  /** The choice that is on its way, if any: no other one can be made until it is answered. */
  get choice() {
    return this.#choice;
  }

  /** Goes on with what was kept at this step, before a reload; what was kept at another one is past. */
  restore(step) {
    const kept = this.#read();
    if (kept?.step === step) this.put(kept);
    else this.#store((store, key) => store.removeItem(key));
  }

  /** @param {Choice} choice */
  put(choice) {
    if (this.#choice) return;
    this.#choice = choice;
    this.#store((store, key) => store.setItem(key, JSON.stringify(choice)));
    this.resume();
  }

  /** Sends at once what waits. */
  async resume() {
    if (!this.#choice || this.#sending) return;
    this.#sending = true;
    this.#options.cancel(this.#timer);
    let outcome;
    try {
      outcome = await this.#options.send(this.#choice);
    } catch (error) {
      outcome = { kind: "later", offline: error.name !== "TimeoutError" };
    }
    this.#sending = false;
    if (outcome.kind === "later" || outcome.kind === "signed-out") this.#wait(outcome);
    else await this.#answered(outcome);
  }

  #wait(outcome) {
    this.#options.waits(outcome);
    if (outcome.kind === "signed-out") return; // until somebody has signed in
    this.#timer = this.#options.after(() => this.resume(), PAUSES[Math.min(this.#tries, PAUSES.length - 1)]);
    this.#tries += 1;
  }

  /** Until the answer is shown, the choice holds back others. */
  async #answered(outcome) {
    this.#sending = true;
    this.#store((store, key) => store.removeItem(key));
    await this.#options.done(outcome);
    this.#choice = undefined;
    this.#sending = false;
    this.#tries = 0;
  }

  #read() {
    try {
      const kept = JSON.parse(this.#options.store?.getItem(this.#options.key) ?? "null");
      if (typeof kept?.step === "string" && typeof kept?.choice === "string") return { step: kept.step, choice: kept.choice };
    } catch {
      // not ours
    }
    return undefined;
  }

  #store(change) {
    try {
      if (this.#options.store) change(this.#options.store, this.#options.key);
    } catch {
      // full or forbidden
    }
  }
}

/**
 * What a response says of a choice.
 * @param {Response} response
 * @returns {Promise<Outcome>}
 */
export async function readAnswer(response) {
  const { status, headers } = response;
  if (headers.get("X-Over")) return { kind: "over", url: headers.get("X-Over") };
  if (status === 401) return { kind: "signed-out" };
  if (status === 408 || status === 425 || status === 429 || status >= 500) return { kind: "later" };
  return { kind: "scene", html: await response.text() };
}
