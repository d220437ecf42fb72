/**
 * The queue behind an exam sheet: every answer is on its way to the server,
 * or kept on this device until it can be. It knows no page and no network;
 * both are passed in, so that it can be tested by itself.
 *
 * What it promises:
 * - One save at a time. A later answer to the same item replaces one that
 *   waits; an answer given while its item is being saved is saved after it.
 * - Every answer is written to the store before anything is sent, and taken
 *   out only when the server has acknowledged that very answer. Each item has
 *   a key of its own, so two windows don't wipe out each other's.
 * - An answer carries the revision that its page knew. When our own save
 *   raises the revision, waiting answers follow; anyone else's save makes the
 *   server say "conflict", and the answer is handed back, never forced.
 * - A save whose acknowledgement was lost is sent again as it was, before a
 *   newer answer to its item: the server takes the same answer twice without
 *   complaint, and its revision shows that the first one was ours.
 * - What the network or a busy server does is tried again, ever more slowly,
 *   for as long as the page lives. What the server refuses is not.
 */

/** First pause after a failure, in milliseconds; it doubles up to the last. */
export const FIRST_PAUSE = 1000;
export const LONGEST_PAUSE = 30000;

/**
 * @typedef {object} Answer  an answer to one item, on its way
 * @property {string} item
 * @property {[string, string][]} fields  form fields, without the revision
 * @property {string} rev    revision of the saved answer that the page knew
 * @property {string} stamp  names this answer among all windows
 */

/**
 * @typedef {object} Outcome  what became of one save
 * @property {"saved"|"conflict"|"signed-out"|"closed"|"refused"|"later"} kind
 *   later: no network or no proper answer; closed: the attempt is graded
 * @property {string} [rev]     new revision (saved, conflict)
 * @property {string} [at]      time of day on the server (saved)
 * @property {string} [html]    the item's block as the server has it (conflict)
 * @property {string} [url]     where the result is (closed)
 * @property {number} [status]  HTTP status (refused, later)
 * @property {number} [wait]    least pause in milliseconds (later)
 */

/**
 * @typedef {object} Store  as much of the Web Storage interface as is needed
 * @property {number} length
 * @property {(n: number) => string|null} key
 * @property {(key: string) => string|null} getItem
 * @property {(key: string, value: string) => void} setItem
 * @property {(key: string) => void} removeItem
 */

/** @typedef {"idle"|"saving"|"waiting"|"signed-out"|"closed"} State */

export class SaveQueue {
  /** @type {Map<string, Answer>} newest answer of each item, oldest item first */
  #answers = new Map();
  /** @type {Answer|null} */
  #sending = null;
  /** @type {Answer|null} sent without an answer: the server may have it or not */
  #unsure = null;
  /** @type {State} */
  #state = "idle";
  /** @type {Outcome|undefined} what led to the state */
  #why;
  #failures = 0;
  #timer = null;
  #count = 0;
  /** @type {(() => void)[]} */
  #waiters = [];
  #options;

  /**
   * @param {object} options
   * @param {(answer: Answer) => Promise<Outcome>} options.send
   * @param {(outcome: Outcome, answer: Answer) => void} options.done  told of every outcome but "later"
   * @param {(state: State, waiting: number, outcome?: Outcome) => void} options.changed
   * @param {Store} [options.store]   where answers are kept; none keeps them in memory only
   * @param {string} options.prefix   begins the keys in the store: person and attempt
   * @param {string} options.window   names this window in stamps
   * @param {(run: () => void, ms: number) => any} options.after  a timer
   * @param {(timer: any) => void} options.cancel
   * @param {() => number} options.random  0 ≤ x < 1, spreads retries of many pages
   */
  constructor(options) {
    this.#options = options;
  }

  /** How many answers the server has not acknowledged. */
  get waiting() {
    return this.#answers.size;
  }

  /** @returns {State} */
  get state() {
    return this.#state;
  }

  /** @param {string} item  @returns {boolean} whether an answer to the item is still on its way */
  has(item) {
    return this.#answers.has(item);
  }

  /**
   * Takes an answer; saves it as soon as it is its turn.
   * @param {string} item
   * @param {[string, string][]} fields
   * @param {string} rev  what the page knows
   */
  put(item, fields, rev) {
    if (this.#state === "closed") return;
    this.#count += 1;
    const answer = { item, fields, rev, stamp: `${this.#options.window}.${this.#count}` };
    this.#answers.set(item, answer);
    this.#keep(answer);
    if (this.#state === "waiting" || this.#state === "signed-out") this.#set(this.#state, this.#why); // one more waits
    this.#pump();
  }

  /**
   * Takes up what an earlier life of the page left in the store, except for
   * items that already have a newer answer, and returns what it took, so that
   * the page can show it.
   * @returns {Answer[]}
   */
  restore() {
    const found = this.#kept().filter((answer) => !this.#answers.has(answer.item));
    for (const answer of found) this.#answers.set(answer.item, answer);
    this.#pump();
    return found;
  }

  /** Tries at once: the connection is back, or the person has signed in again. */
  resume() {
    if (this.#state === "closed") return;
    this.#options.cancel(this.#timer);
    this.#timer = null;
    if (this.#state !== "saving") this.#set("idle");
    this.#pump();
  }

  /**
   * Resolves when nothing is being sent: all saved, or nothing goes on.
   * @returns {Promise<boolean>} whether everything is saved
   */
  settled() {
    if (!this.#sending) return Promise.resolve(this.#answers.size === 0);
    return new Promise((resolve) => this.#waiters.push(() => resolve(this.#answers.size === 0)));
  }

  /** Forgets every answer, here and in the store. Nothing is sent any more. */
  close() {
    this.#options.cancel(this.#timer);
    this.#answers.clear();
    clearKept(this.#options.store, this.#options.prefix);
    this.#set("closed");
  }

  #pump() {
    if (this.#sending || this.#timer !== null || this.#state === "signed-out" || this.#state === "closed") return;
    const answer = this.#unsure ?? this.#answers.values().next().value;
    if (!answer) {
      this.#set("idle");
      this.#wake();
      return;
    }
    this.#sending = answer;
    this.#set("saving");
    this.#options.send(answer).then(
      (outcome) => this.#settle(answer, outcome),
      () => this.#settle(answer, { kind: "later" }),
    );
  }

  /** @param {Answer} sent  @param {Outcome} outcome */
  #settle(sent, outcome) {
    this.#sending = null;
    if (this.#state === "closed") return this.#wake();
    if (outcome.kind === "later") return this.#retry(sent, outcome);
    this.#failures = 0;
    this.#unsure = null;
    if (outcome.kind === "signed-out") {
      this.#set("signed-out", outcome);
      this.#options.done(outcome, sent);
      return this.#wake();
    }
    if (outcome.kind === "closed") {
      this.close();
      this.#options.done(outcome, sent);
      return this.#wake();
    }
    if (outcome.kind === "saved") this.#acknowledge(sent, outcome.rev);
    else if (outcome.kind === "conflict" || this.#answers.get(sent.item) === sent) this.#drop(sent.item);
    this.#options.done(outcome, sent);
    this.#pump();
  }

  /** Our own save is known to the server; a newer answer builds on it. */
  #acknowledge(sent, rev) {
    const newest = this.#answers.get(sent.item);
    if (newest === sent) return this.#drop(sent.item);
    if (!newest || rev === undefined) return;
    newest.rev = rev;
    this.#keep(newest);
    // behind the other items, so that one restless item can't starve them
    this.#answers.delete(sent.item);
    this.#answers.set(sent.item, newest);
  }

  #retry(sent, outcome) {
    const pause = Math.min(FIRST_PAUSE * 2 ** this.#failures, LONGEST_PAUSE);
    this.#failures += 1;
    this.#unsure = sent;
    const spread = pause * (0.75 + this.#options.random() / 2);
    this.#timer = this.#options.after(() => {
      this.#timer = null;
      this.#pump();
    }, Math.max(spread, outcome.wait ?? 0));
    this.#set("waiting", outcome);
    this.#wake();
  }

  #drop(item) {
    const answer = this.#answers.get(item);
    if (!answer) return;
    this.#answers.delete(item);
    const key = this.#options.prefix + item;
    guarded(() => {
      const { store } = this.#options;
      if (store && parse(store.getItem(key))?.stamp === answer.stamp) store.removeItem(key);
    });
  }

  #keep(answer) {
    guarded(() => this.#options.store?.setItem(this.#options.prefix + answer.item, JSON.stringify(answer)));
  }

  /** @returns {Answer[]} */
  #kept() {
    const { store, prefix } = this.#options;
    const found = [];
    guarded(() => {
      for (const key of keysOf(store, prefix)) {
        const answer = parse(store.getItem(key));
        if (answer && prefix + answer.item === key) found.push(answer);
      }
    });
    return found;
  }

  #set(state, outcome) {
    this.#state = state;
    this.#why = outcome;
    this.#options.changed(state, this.#answers.size, outcome);
  }

  #wake() {
    for (const waiter of this.#waiters.splice(0)) waiter();
  }
}

/**
 * Removes what was kept under a prefix: the attempt is over.
 * @param {Store|undefined} store
 * @param {string} prefix
 */
export function clearKept(store, prefix) {
  guarded(() => {
    for (const key of keysOf(store, prefix)) store.removeItem(key);
  });
}

/** The prefix of the keys of one person's attempt. */
export function keptUnder(person, attempt) {
  return `insidebox/answer/${person}/${attempt}/`;
}

function keysOf(store, prefix) {
  const keys = [];
  for (let n = 0; store && n < store.length; n += 1) {
    const key = store.key(n);
    if (key?.startsWith(prefix)) keys.push(key);
  }
  return keys;
}

/** @returns {Answer|null} null for anything that is not an answer we wrote */
function parse(text) {
  try {
    const it = JSON.parse(text ?? "null");
    const texts = it && [it.item, it.rev, it.stamp].every((field) => typeof field === "string");
    const pairs = texts && Array.isArray(it.fields) && it.fields.every(isPair);
    return pairs ? it : null;
  } catch {
    return null;
  }
}

function isPair(pair) {
  return Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === "string");
}

/** A full or forbidden store must not stop the saving itself. */
function guarded(run) {
  try {
    run();
  } catch {
    // private windows and full disks: answers are then kept in memory only
  }
}

/**
 * Reads what became of a save from the server's answer.
 * @param {Response} response
 * @param {string} resultURL  where to go when the attempt is graded
 * @returns {Promise<Outcome>}
 */
export async function readOutcome(response, resultURL) {
  const { status, headers } = response;
  if (response.redirected) return { kind: "closed", url: response.url };
  if (status === 204) return { kind: "saved", rev: headers.get("X-Rev") ?? undefined, at: headers.get("X-Saved") ?? "" };
  if (status === 409) return { kind: "conflict", html: await response.text(), rev: headers.get("X-Rev") ?? undefined };
  if (status === 401) return { kind: "signed-out", status };
  if (status === 410) return { kind: "closed", url: headers.get("Location") ?? resultURL };
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return { kind: "later", status, wait: waitOf(headers.get("Retry-After")) };
  }
  return { kind: "refused", status };
}

function waitOf(retryAfter) {
  const seconds = Number(retryAfter);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 300) * 1000 : 0;
}
