import assert from "node:assert/strict";
import { test } from "node:test";
import { clearKept, FIRST_PAUSE, keptUnder, LONGEST_PAUSE, readOutcome, SaveQueue } from "./save-queue.js";

/** A store like localStorage. */
class MemoryStore {
  #map = new Map();
  get length() { return this.#map.size; }
  key(n) { return [...this.#map.keys()][n] ?? null; }
  getItem(key) { return this.#map.get(key) ?? null; }
  setItem(key, value) { this.#map.set(key, String(value)); }
  removeItem(key) { this.#map.delete(key); }
}

/** A server whose answers the test gives by hand, and timers it fires by hand. */
function bench({ store = new MemoryStore(), window = "w1", prefix = keptUnder("ana", "a1") } = {}) {
  const b = { store, prefix, sent: [], done: [], states: [], reasons: [], timers: [] };
  b.queue = new SaveQueue({
    store, prefix, window,
    send: (answer) => new Promise((resolve, reject) => b.sent.push({ ...answer, resolve, reject })),
    done: (outcome, answer) => b.done.push([outcome.kind, answer.item]),
    changed: (state, waiting, reason) => { b.states.push(`${state} ${waiting}`); b.reasons.push(reason); },
    after: (run, ms) => { const timer = { run, ms }; b.timers.push(timer); return timer; },
    cancel: (timer) => { b.timers = b.timers.filter((t) => t !== timer); },
    random: () => 0.5,
  });
  b.last = () => b.sent.at(-1);
  b.answer = async (outcome) => { b.last().resolve(outcome); await turn(); };
  b.fail = async () => { b.last().reject(new TypeError("Failed to fetch")); await turn(); };
  b.fire = async () => { const timer = b.timers.shift(); timer.run(); await turn(); return timer.ms; };
  return b;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const fields = (item, ...values) => values.map((value) => [`q.${item}`, value]);
const saved = (rev) => ({ kind: "saved", rev, at: "12:03:07" });

test("an answer is kept before it is sent, and forgotten once acknowledged", async () => {
  const b = bench();
  b.queue.put("i1", fields("i1", "t1"), "0");
  assert.equal(b.store.length, 1);
  assert.deepEqual(b.last().fields, [["q.i1", "t1"]]);
  assert.equal(b.queue.waiting, 1);
  await b.answer(saved("1"));
  assert.equal(b.store.length, 0);
  assert.equal(b.queue.waiting, 0);
  assert.deepEqual(b.done, [["saved", "i1"]]);
  assert.equal(b.queue.state, "idle");
});

test("one save at a time, in the order of the first change", async () => {
  const b = bench();
  b.queue.put("i1", fields("i1", "a"), "0");
  b.queue.put("i2", fields("i2", "a"), "0");
  b.queue.put("i3", fields("i3", "a"), "0");
  assert.equal(b.sent.length, 1);
  await b.answer(saved("1"));
  assert.equal(b.sent.length, 2);
  await b.answer(saved("1"));
  await b.answer(saved("1"));
  assert.deepEqual(b.sent.map((s) => s.item), ["i1", "i2", "i3"]);
});

test("waiting answers to one item are coalesced to the last", async () => {
  const b = bench();
  b.queue.put("i1", fields("i1", "a"), "0");
  for (const choice of ["a", "b", "c"]) b.queue.put("i2", fields("i2", choice), "4");
  await b.answer(saved("1"));
  assert.deepEqual(b.last().fields, [["q.i2", "c"]]);
  await b.answer(saved("5"));
  assert.equal(b.sent.length, 2);
});

test("an answer given while its item is saved follows with the new revision", async () => {
  const b = bench();
  b.queue.put("i1", fields("i1", "a"), "0");
  b.queue.put("i1", fields("i1", "b"), "0");
  assert.equal(b.sent.length, 1);
  await b.answer(saved("1"));
  assert.equal(b.last().rev, "1");
  assert.deepEqual(b.last().fields, [["q.i1", "b"]]);
  assert.equal(JSON.parse(b.store.getItem(b.prefix + "i1")).rev, "1");
  await b.answer(saved("2"));
  assert.equal(b.store.length, 0);
});

test("one restless item does not starve the others", async () => {
  const b = bench();
  b.queue.put("i1", fields("i1", "a"), "0");
  b.queue.put("i2", fields("i2", "a"), "0");
  b.queue.put("i1", fields("i1", "b"), "0");
  await b.answer(saved("1"));
  assert.equal(b.last().item, "i2");
});

test("an empty choice is an answer too", async () => {
  const b = bench();
  b.queue.put("i1", [["seen.i1", "1"]], "3");
  assert.deepEqual(b.last().fields, [["seen.i1", "1"]]);
});

test("without a network the answer stays, and is tried ever more slowly", async () => {
  const b = bench();
  b.queue.put("i1", fields("i1", "a"), "0");
  const pauses = [];
  for (let n = 0; n < 8; n += 1) {
    await b.fail();
    assert.equal(b.queue.state, "waiting");
    assert.equal(b.store.length, 1);
    pauses.push(await b.fire());
  }
  assert.equal(pauses[0], FIRST_PAUSE);
  assert.equal(pauses[1], 2 * FIRST_PAUSE);
  assert.equal(pauses.at(-1), LONGEST_PAUSE);
  await b.answer(saved("1"));
  assert.equal(b.queue.waiting, 0);
  b.queue.put("i1", fields("i1", "b"), "1");
  await b.fail();
  assert.equal(await b.fire(), FIRST_PAUSE, "a success starts the pauses anew");
});

test("while waiting nothing is sent, but answers are taken and kept", async () => {
  const b = bench();
  b.queue.put("i1", fields("i1", "a"), "0");
  await b.fail();
  b.queue.put("i2", fields("i2", "a"), "0");
  b.queue.put("i1", fields("i1", "b"), "0");
  assert.equal(b.sent.length, 1);
  assert.equal(b.store.length, 2);
  assert.equal(b.queue.waiting, 2);
});

test("a lost acknowledgement is not taken for somebody else's answer", async () => {
  const b = bench();
  b.queue.put("i1", fields("i1", "a"), "0");
  await b.fail(); // the server may have saved it as revision 1
  b.queue.put("i1", fields("i1", "b"), "0");
  await b.fire();
  assert.deepEqual(b.last().fields, [["q.i1", "a"]], "the same answer again, which the server takes twice");
  await b.answer(saved("1"));
  assert.deepEqual(b.last().fields, [["q.i1", "b"]]);
  assert.equal(b.last().rev, "1");
  await b.answer(saved("2"));
  assert.equal(b.store.length, 0);
});

test("a refusal of an old answer leaves a newer one its chance", async () => {
  const b = bench();
  b.queue.put("i1", fields("i1", "a"), "0");
  b.queue.put("i1", fields("i1", "b"), "0");
  await b.answer({ kind: "refused", status: 422 });
  assert.deepEqual(b.last().fields, [["q.i1", "b"]]);
});

test("resume tries at once, and only once", async () => {
  const b = bench();
  b.queue.put("i1", fields("i1", "a"), "0");
  await b.fail();
  b.queue.resume();
  b.queue.resume();
  assert.equal(b.sent.length, 2);
  assert.equal(b.timers.length, 0);
  await b.answer(saved("1"));
  assert.equal(b.sent.length, 2);
});

test("a busy server's Retry-After is the least pause", async () => {
  const b = bench();
  b.queue.put("i1", fields("i1", "a"), "0");
  await b.answer({ kind: "later", status: 503, wait: 20000 });
  assert.equal(b.timers[0].ms, 20000);
});

test("a conflict hands the item back and goes on with the next", async () => {
  const b = bench();
  b.queue.put("i1", fields("i1", "a"), "0");
  b.queue.put("i2", fields("i2", "a"), "0");
  b.queue.put("i1", fields("i1", "b"), "0");
  await b.answer({ kind: "conflict", html: "<section></section>", rev: "7" });
  assert.deepEqual(b.done, [["conflict", "i1"]]);
  assert.equal(b.queue.has("i1"), false, "the answer made without seeing the other one is not forced");
  assert.equal(b.store.getItem(b.prefix + "i1"), null);
  assert.equal(b.last().item, "i2");
});

test("a refused answer is not tried again", async () => {
  const b = bench();
  b.queue.put("i1", fields("i1", "a"), "0");
  await b.answer({ kind: "refused", status: 422 });
  assert.deepEqual(b.done, [["refused", "i1"]]);
  assert.equal(b.queue.waiting, 0);
  assert.equal(b.timers.length, 0);
});

test("signed out: everything is kept, nothing is sent until resume", async () => {
  const b = bench();
  b.queue.put("i1", fields("i1", "a"), "0");
  await b.answer({ kind: "signed-out", status: 401 });
  b.queue.put("i2", fields("i2", "a"), "0");
  assert.equal(b.sent.length, 1);
  assert.equal(b.store.length, 2);
  b.queue.resume();
  assert.equal(b.last().item, "i1");
  await b.answer(saved("1"));
  await b.answer(saved("1"));
  assert.equal(b.store.length, 0);
});

test("graded meanwhile: all is forgotten, nothing more is taken", async () => {
  const b = bench();
  b.queue.put("i1", fields("i1", "a"), "0");
  b.queue.put("i2", fields("i2", "a"), "0");
  await b.answer({ kind: "closed", url: "/attempts/a1/result" });
  assert.deepEqual(b.done, [["closed", "i1"]]);
  assert.equal(b.store.length, 0);
  b.queue.put("i3", fields("i3", "a"), "0");
  b.queue.resume();
  assert.equal(b.sent.length, 1);
  assert.equal(b.queue.state, "closed");
});

test("a page that comes back takes up what was left, with its old revision", async () => {
  const first = bench();
  first.queue.put("i1", fields("i1", "a"), "2");
  first.queue.put("i2", fields("i2", "b", "c"), "0");
  await first.fail();
  const again = bench({ store: first.store, window: "w2" });
  const found = again.queue.restore();
  assert.deepEqual(found.map((a) => a.item).sort(), ["i1", "i2"]);
  assert.equal(again.sent[0].rev, "2");
  await again.answer(saved("3"));
  assert.deepEqual(again.last().fields, [["q.i2", "b"], ["q.i2", "c"]]);
  await again.answer(saved("1"));
  assert.equal(again.store.length, 0);
});

test("another person or attempt finds nothing", () => {
  const b = bench();
  b.queue.put("i1", fields("i1", "a"), "0");
  for (const prefix of [keptUnder("ben", "a1"), keptUnder("ana", "a2"), keptUnder("ana", "a")]) {
    assert.deepEqual(bench({ store: b.store, prefix }).queue.restore(), []);
  }
});

test("two windows: an acknowledgement here leaves the other's newer answer there", async () => {
  const one = bench({ window: "w1" });
  one.queue.put("i1", fields("i1", "a"), "0");
  const two = bench({ store: one.store, window: "w2" });
  two.queue.put("i1", fields("i1", "b"), "0");
  await one.answer(saved("1"));
  assert.equal(JSON.parse(one.store.getItem(one.prefix + "i1")).stamp, "w2.1");
});

test("what is not ours in the store is passed over", () => {
  const store = new MemoryStore();
  const prefix = keptUnder("ana", "a1");
  for (const [n, text] of ["", "{", "null", "[]", "7", '{"item":"i1"}', '{"item":"x","rev":"0","stamp":"s","fields":[]}',
    '{"item":"7","rev":"0","stamp":"s","fields":[["q.i1",{"a":1}]]}'].entries()) store.setItem(prefix + n, text);
  const b = bench({ store });
  assert.deepEqual(b.queue.restore(), []);
  assert.equal(b.sent.length, 0);
});

test("a store that throws does not stop the saving", async () => {
  const broken = { get length() { throw new Error("denied"); }, key() { throw new Error("denied"); },
    getItem() { throw new Error("denied"); }, setItem() { throw new Error("full"); }, removeItem() { throw new Error("denied"); } };
  const b = bench({ store: broken });
  assert.deepEqual(b.queue.restore(), []);
  b.queue.put("i1", fields("i1", "a"), "0");
  await b.answer(saved("1"));
  assert.equal(b.queue.waiting, 0);
  b.queue.close();
});

test("settled waits for what is being sent and says whether all is saved", async () => {
  const b = bench();
  assert.equal(await b.queue.settled(), true);
  b.queue.put("i1", fields("i1", "a"), "0");
  const first = b.queue.settled();
  await b.answer(saved("1"));
  assert.equal(await first, true);
  b.queue.put("i1", fields("i1", "b"), "1");
  const second = b.queue.settled();
  await b.fail();
  assert.equal(await second, false);
});

test("clearKept removes one attempt's answers and nothing else", () => {
  const store = new MemoryStore();
  store.setItem(keptUnder("ana", "a1") + "i1", "x");
  store.setItem(keptUnder("ana", "a1") + "i2", "x");
  store.setItem(keptUnder("ana", "a2") + "i1", "x");
  clearKept(store, keptUnder("ana", "a1"));
  assert.equal(store.length, 1);
  assert.equal(store.key(0), keptUnder("ana", "a2") + "i1");
});

test("a server's answer is read", async () => {
  const read = (status, headers = {}, body = null) => readOutcome(new Response(body, { status, headers }), "/r");
  assert.deepEqual(await read(204, { "X-Saved": "12:03:07", "X-Rev": "4" }), { kind: "saved", rev: "4", at: "12:03:07" });
  assert.deepEqual(await read(409, { "X-Rev": "5" }, "<section>"), { kind: "conflict", rev: "5", html: "<section>" });
  assert.equal((await read(401)).kind, "signed-out");
  assert.deepEqual(await read(410), { kind: "closed", url: "/r" });
  assert.deepEqual(await read(503, { "Retry-After": "5" }), { kind: "later", status: 503, wait: 5000 });
  assert.deepEqual(await read(429, { "Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT" }), { kind: "later", status: 429, wait: 0 });
  assert.deepEqual(await read(502), { kind: "later", status: 502, wait: 0 });
  for (const status of [400, 403, 404, 413, 422]) assert.deepEqual(await read(status), { kind: "refused", status });
  assert.deepEqual(await readOutcome({ redirected: true, url: "/attempts/a1/result", status: 200, headers: new Headers() }, "/r"),
    { kind: "closed", url: "/attempts/a1/result" });
});

test("what waits is counted as it grows, with the reason for the wait", async () => {
  const b = bench();
  b.queue.put("i1", fields("i1", "a"), "0");
  await b.answer({ kind: "later", status: 503 });
  b.queue.put("i2", fields("i2", "a"), "0");
  assert.equal(b.states.at(-1), "waiting 2");
  assert.equal(b.reasons.at(-1)?.status, 503);
  b.queue.resume();
  await b.answer({ kind: "signed-out", status: 401 });
  b.queue.put("i3", fields("i3", "a"), "0");
  assert.equal(b.states.at(-1), "signed-out 3");
  assert.equal(b.sent.length, 2);
});
