import assert from "node:assert/strict";
import { test } from "node:test";
import { Drafts } from "./drafts.js";

/** A store like sessionStorage. */
class MemoryStore {
  #map = new Map();
  getItem(key) { return this.#map.get(key) ?? null; }
  setItem(key, value) { this.#map.set(key, String(value)); }
  removeItem(key) { this.#map.delete(key); }
}

const FORM = ["/requests/new", "/requests", 0];
const TEXT = { "0 aim": { was: "", is: "They publish at six." } };

/** Drafts of Ana, with one in them. */
function bench(store = new MemoryStore()) {
  const drafts = new Drafts(store, "Ana");
  drafts.keep(...FORM, TEXT);
  return { store, drafts };
}

test("what is written is there when the page comes again", () => {
  const { store } = bench();
  assert.deepEqual(new Drafts(store, "Ana").of(...FORM), TEXT);
});

test("what is as it was needs no keeping", () => {
  const { drafts } = bench();
  drafts.keep(...FORM, { "0 aim": { was: "", is: "" }, "1 title": { was: "a", is: "b" } });
  assert.deepEqual(drafts.of(...FORM), { "1 title": { was: "a", is: "b" } });
});

test("nobody sees what another wrote, nor on another page or form", () => {
  const { store, drafts } = bench();
  assert.deepEqual(new Drafts(store, "Ben").of(...FORM), {});
  for (const at of [["/requests", "/requests", 0], ["/requests/new", "/briefs", 0], ["/requests/new", "/requests", 1]]) assert.deepEqual(drafts.of(...at), {});
});

test("it goes when the server has led on from the form", () => {
  const { drafts } = bench();
  drafts.keep("/briefs/new", "/briefs", 0, TEXT);
  drafts.send("/requests", "http://box/requests/new");
  drafts.arrive("http://box/requests/new", 1);
  assert.deepEqual(drafts.of(...FORM), {});
  assert.deepEqual(drafts.of("/briefs/new", "/briefs", 0), TEXT);
});

test("it goes when the form came to the server by another page, after a sign-in", () => {
  const { drafts } = bench();
  drafts.send("/requests", "http://box/login");
  drafts.arrive("http://box/login", 1);
  assert.deepEqual(drafts.of(...FORM), {});
});

test("it stays when the form was refused, or never came, or another page was opened", () => {
  for (const [from, redirects] of [["http://box/requests/new", 0], ["", 0], ["http://box/", 1]]) {
    const { drafts } = bench();
    drafts.send("/requests", "http://box/requests/new");
    drafts.arrive(from, redirects);
    assert.deepEqual(drafts.of(...FORM), TEXT, from);
    drafts.arrive("http://box/requests/new", 1); // a link that was followed later
    assert.deepEqual(drafts.of(...FORM), TEXT, from);
  }
});

test("another's sending takes nothing away, and signing out takes all", () => {
  const { store, drafts } = bench();
  const other = new Drafts(store, "Ben");
  other.send("/requests", "http://box/requests/new");
  other.arrive("http://box/requests/new", 1);
  assert.deepEqual(drafts.of(...FORM), TEXT);
  drafts.clear();
  assert.deepEqual(drafts.of(...FORM), {});
});
