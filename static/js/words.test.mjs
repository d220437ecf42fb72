import assert from "node:assert/strict";
import { test } from "node:test";
import { say, wordsOf } from "./words.js";

const words = {
  saved: "Saved {{.Time}}",
  twice: "{{ .A }} and {{.A}}",
  waiting: { one: "1 answer waits", other: "{{.N}} answers wait" },
  slavic: { one: "{{.N}} odpověď", few: "{{.N}} odpovědi", other: "{{.N}} odpovědí" },
};

test("placeholders are filled in, each time they stand there", () => {
  assert.equal(say(words, "saved", { Time: "12:03:07" }, "en"), "Saved 12:03:07");
  assert.equal(say(words, "twice", { A: 0 }, "en"), "0 and 0");
});

test("what is filled in is taken as it is", () => {
  assert.equal(say(words, "saved", { Time: "$& {{.Time}}" }, "en"), "Saved $& {{.Time}}");
});

test("the number chooses the form, by the rules of the language", () => {
  assert.equal(say(words, "waiting", { N: 1 }, "en"), "1 answer waits");
  assert.equal(say(words, "waiting", { N: 0 }, "en"), "0 answers wait");
  assert.equal(say(words, "waiting", { N: 0 }, "fr"), "1 answer waits"); // nothing is singular in French
  assert.equal(say(words, "slavic", { N: 3 }, "cs"), "3 odpovědi");
  assert.equal(say(words, "slavic", { N: 1.5 }, "cs"), "1.5 odpovědí"); // there is no form "many"
});

test("what is missing shows itself", () => {
  assert.equal(say(words, "toString", {}, "en"), "toString");
  assert.equal(say(words, "saved", {}, "en"), "Saved {{.Time}}");
});

test("words come from the element or from one around it", () => {
  const around = (dataset) => ({ closest: (selector) => (selector === "[data-words]" ? dataset && { dataset } : null) });
  assert.deepEqual(wordsOf(around({ words: '{"a":"b"}' })), { a: "b" });
  assert.deepEqual(wordsOf(around(undefined)), {});
});
