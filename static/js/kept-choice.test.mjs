import assert from "node:assert/strict";
import { test } from "node:test";
import { KeptChoice, readAnswer } from "./kept-choice.js";

/** A store like localStorage. */
class MemoryStore extends Map {
  getItem(key) { return this.get(key) ?? null; }
  setItem(key, value) { this.set(key, String(value)); }
  removeItem(key) { this.delete(key); }
}

/** A server whose answers the test gives by hand, and timers it fires by hand. */
function bench({ store = new MemoryStore() } = {}) {
  const b = { store, sent: [], done: [], waits: [], timers: [] };
  b.kept = new KeptChoice({
    store, key: "k",
    send: (choice) => new Promise((resolve, reject) => b.sent.push({ ...choice, resolve, reject })),
    done: (outcome) => b.done.push(outcome.kind),
    waits: (outcome) => b.waits.push(outcome.offline ? "offline" : outcome.kind),
    after: (run, ms) => { const timer = { run, ms }; b.timers.push(timer); return timer; },
    cancel: (timer) => { b.timers = b.timers.filter((t) => t !== timer); },
  });
  b.answer = async (outcome) => { b.sent.at(-1).resolve(outcome); await turn(); };
  b.fail = async (error = new TypeError("Failed to fetch")) => { b.sent.at(-1).reject(error); await turn(); };
  b.fire = async () => { const timer = b.timers.shift(); timer.run(); await turn(); return timer.ms; };
  return b;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const at = (step, choice) => ({ step, choice });

test("a choice is kept before it is sent, and forgotten once answered", async () => {
  const b = bench();
  b.kept.put(at("0", "a"));
  assert.equal(b.store.get("k"), '{"step":"0","choice":"a"}');
  assert.equal(b.sent.length, 1);
  await b.answer({ kind: "scene" });
  assert.equal(b.store.size, 0);
  assert.deepEqual(b.done, ["scene"]);
  assert.equal(b.kept.choice, undefined);
});

test("while one choice is on its way, no other is made", async () => {
  const b = bench();
  b.kept.put(at("0", "a"));
  b.kept.put(at("0", "b"));
  await b.fail();
  b.kept.put(at("0", "b"));
  await b.fire();
  await b.answer({ kind: "scene" });
  assert.deepEqual(b.sent.map((s) => s.choice), ["a", "a"]);
  b.kept.put(at("1", "c"));
  assert.equal(b.sent.at(-1).choice, "c");
});

test("no other choice is made before the answer is shown", async () => {
  const b = bench();
  let shown;
  b.kept = new KeptChoice({
    key: "k", cancel() {}, send: async (choice) => { b.sent.push(choice); return { kind: "scene" }; }, done: () => new Promise((resolve) => { shown = resolve; }),
  });
  b.kept.put(at("0", "a"));
  await turn();
  b.kept.put(at("0", "b"));
  await b.kept.resume();
  assert.equal(b.sent.length, 1);
  shown();
  await turn();
  b.kept.put(at("1", "b"));
  assert.equal(b.sent.length, 2);
});

test("without a network it is sent again, at longer and longer intervals, until it is answered", async () => {
  const b = bench();
  b.kept.put(at("0", "a"));
  const pauses = [];
  for (let n = 0; n < 7; n += 1) {
    await b.fail();
    pauses.push(await b.fire());
  }
  assert.deepEqual(pauses, [1000, 2000, 5000, 10000, 20000, 20000, 20000]);
  assert.equal(b.store.size, 1);
  await b.answer({ kind: "scene" });
  assert.equal(b.timers.length, 0);
  b.kept.put(at("1", "a"));
  await b.fail();
  assert.equal(await b.fire(), 1000);
});

test("back online it is sent at once, and not a second time by the timer", async () => {
  const b = bench();
  b.kept.put(at("0", "a"));
  await b.fail();
  b.kept.resume();
  b.kept.resume();
  assert.equal(b.sent.length, 2);
  assert.equal(b.timers.length, 0);
  await b.answer({ kind: "scene" });
  await b.kept.resume();
  assert.equal(b.sent.length, 2);
});

test("signed out, it waits for somebody and asks no timer", async () => {
  const b = bench();
  b.kept.put(at("0", "a"));
  await b.answer({ kind: "signed-out" });
  assert.equal(b.timers.length, 0);
  assert.equal(b.store.size, 1);
  b.kept.resume();
  await b.answer({ kind: "over", url: "/" });
  assert.deepEqual([b.waits, b.done, b.store.size], [["signed-out"], ["over"], 0]);
});

test("no connection and a slow server are told apart", async () => {
  const b = bench();
  b.kept.put(at("0", "a"));
  await b.fail();
  await b.fire();
  await b.fail(Object.assign(new Error("late"), { name: "TimeoutError" }));
  await b.fire();
  await b.answer({ kind: "later" });
  assert.deepEqual(b.waits, ["offline", "later", "later"]);
});

test("after a reload the kept choice of this step is sent, one of another step is gone", async () => {
  const b = bench({ store: new MemoryStore([["k", '{"step":"2","choice":"a","more":"x"}']]) });
  b.kept.restore("2");
  assert.deepEqual([b.sent[0].step, b.sent[0].choice], ["2", "a"]);
  assert.equal(b.sent[0].more, undefined);

  const past = bench({ store: new MemoryStore([["k", '{"step":"2","choice":"a"}']]) });
  past.kept.restore("3");
  assert.deepEqual([past.sent.length, past.store.size], [0, 0]);
});

test("what is not ours is no choice", () => {
  for (const value of ["", "null", "7", "{}", '{"step":2,"choice":"a"}', '{"step":"2"}', "[", '{"step":"2","choice":null}']) {
    const b = bench({ store: new MemoryStore([["k", value]]) });
    b.kept.restore("2");
    assert.deepEqual([value, b.sent.length, b.store.size], [value, 0, 0]);
  }
});

test("what another window keeps does not hold back a choice made in this one", async () => {
  const b = bench();
  b.kept.restore("2");
  b.store.setItem("k", '{"step":"1","choice":"x"}');
  b.kept.put(at("2", "a"));
  assert.equal(b.sent.length, 1);
  assert.equal(b.store.get("k"), '{"step":"2","choice":"a"}');
});

test("without a store, or with one that refuses, it is kept as long as the page is", async () => {
  const refusing = { getItem() { throw new Error("no"); }, setItem() { throw new Error("full"); }, removeItem() { throw new Error("no"); } };
  for (const store of [null, refusing]) {
    const b = bench({ store });
    b.kept.restore("0");
    b.kept.put(at("0", "a"));
    await b.fail();
    await b.fire();
    await b.answer({ kind: "scene" });
    assert.deepEqual([b.sent.length, b.done], [2, ["scene"]]);
  }
});

test("what responses say of a choice", async () => {
  const read = (status, body = null, headers = {}) => readAnswer(new Response(body, { status, headers }));
  assert.deepEqual(await read(200, "<p>a"), { kind: "scene", html: "<p>a" });
  assert.deepEqual(await read(409, "<p>b"), { kind: "scene", html: "<p>b" });
  assert.deepEqual(await read(404, "gone"), { kind: "scene", html: "gone" });
  assert.deepEqual(await read(204, null, { "X-Over": "/attempts/a/result" }), { kind: "over", url: "/attempts/a/result" });
  assert.deepEqual(await read(401, "Sign in"), { kind: "signed-out" });
  for (const status of [408, 425, 429, 500, 502, 503]) assert.deepEqual(await read(status), { kind: "later" });
});
