/**
 * What somebody writes outlives the page that it is written on. A connection may break
 * while a form is sent, a phone throws tabs away, and a finger slips: the text comes back
 * with the page, until the server has taken the form. It stays in this tab, is shown to
 * nobody but who wrote it, and goes when she signs out.
 */
import { element } from "./notices.js";

const DRAFTS = "insidebox.drafts";
const SENT = "insidebox.sent";

/** What is kept of all forms, in a store like sessionStorage. */
export class Drafts {
  #store;
  #who;

  /** @param {Storage} store  @param {string} who  writes */
  constructor(store, who) {
    this.#store = store;
    this.#who = who;
  }

  /** The texts of a form by field, each with what the field had before. @returns {Record<string, {was: string, is: string}>} */
  of(place, action, at) {
    return this.#all()[this.#key(place, action, at)] ?? {};
  }

  /** Keeps what is written in a form; a field that is as it was needs no keeping. */
  keep(place, action, at, texts) {
    const all = this.#all();
    const changed = Object.entries(texts).filter(([, { was, is }]) => was !== is);
    if (changed.length) all[this.#key(place, action, at)] = Object.fromEntries(changed);
    else delete all[this.#key(place, action, at)];
    this.#write(all);
  }

  /** Notes that a form is under way, from a page. */
  send(action, from) {
    this.#store.setItem(SENT, JSON.stringify({ action, from }));
  }

  /** A page came: when it is where the server led after taking the form, its drafts go. */
  arrive(from, redirects) {
    const sent = JSON.parse(this.#store.getItem(SENT));
    this.#store.removeItem(SENT);
    if (!sent || sent.from !== from || redirects === 0) return;
    const all = this.#all();
    for (const key of Object.keys(all)) {
      const [who, , action] = JSON.parse(key);
      if (who === this.#who && action === sent.action) delete all[key];
    }
    this.#write(all);
  }

  /** Nothing is kept any more, of anybody. */
  clear() {
    this.#store.removeItem(DRAFTS);
  }

  #key(place, action, at) {
    return JSON.stringify([this.#who, place, action, at]);
  }

  #all() {
    return JSON.parse(this.#store.getItem(DRAFTS)) ?? {};
  }

  #write(all) {
    this.#store.setItem(DRAFTS, JSON.stringify(all));
  }
}

/** @param {{restored: string, discard: string}} words */
export function startDrafts(words) {
  const who = document.querySelector(".menu-name")?.textContent;
  if (!who) return; // nobody is signed in, so nobody writes
  const drafts = new Drafts(sessionStorage, who);
  const [way] = performance.getEntriesByType("navigation");
  drafts.arrive(document.referrer, way?.redirectCount ?? 0);
  const count = {};
  for (const form of document.querySelectorAll('main form[method="post"]:not([data-attempt])')) {
    const action = form.getAttribute("action");
    count[action] = (count[action] ?? -1) + 1;
    if (form.querySelector("textarea")) keepForm(form, drafts, [location.pathname, action, count[action]], words);
  }
  document.addEventListener("submit", ({ target, defaultPrevented }) => {
    const action = target.getAttribute("action");
    if (action === "/logout") drafts.clear();
    else if (!defaultPrevented && target.method === "post") drafts.send(action, location.href.split("#")[0]);
  });
}

/** @param {HTMLFormElement} form  @param {Drafts} drafts  @param {[string, string, number]} at */
function keepForm(form, drafts, at, words) {
  const fields = [...form.querySelectorAll('textarea, input:not([type]), input[type="text"]')].filter((field) => field.name);
  const texts = () => Object.fromEntries(fields.map((field, n) => [`${n} ${field.name}`, { was: field.defaultValue, is: field.value }]));
  const kept = drafts.of(...at);
  const back = fields.filter((field, n) => {
    const draft = kept[`${n} ${field.name}`];
    if (!draft || draft.was !== field.defaultValue || field.value !== field.defaultValue) return false;
    field.value = draft.is;
    return true;
  });
  const keep = () => drafts.keep(...at, texts());
  form.addEventListener("input", keep);
  if (fields.some((field) => field.value !== field.defaultValue)) keep(); // written before this script came
  if (back.length === 0) return;
  for (let inside = form.closest("details"); inside; inside = inside.parentElement.closest("details")) inside.open = true;
  const line = element("p", { class: "hint restored", role: "status" }, `${words.restored} `);
  const discard = element("button", { type: "button", class: "button plain small" }, words.discard);
  discard.addEventListener("click", () => {
    for (const field of back) field.value = field.defaultValue;
    keep();
    back[0].focus();
    line.remove();
  });
  line.append(discard);
  back[0].closest(".field")?.before(line) ?? form.prepend(line);
}
