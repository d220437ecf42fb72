/**
 * What pages gain from a script. Every page works without it; a part that is
 * not on the page costs nothing.
 */
import { startFlow } from "./flow.js";
import { startKeys } from "./keys.js";
import { fragment, showNotice } from "./notices.js";

document.documentElement.classList.add("js");

menus();
startKeys();
checks();
contents();
readSoFar();
justRead();
copying();
focusSummary();
finding();
startFlow();
drafts();
account();
addEventListener("pageshow", refresh);
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
for (const button of document.querySelectorAll("[data-back]")) button.addEventListener("click", () => history.back());
for (const over of document.querySelectorAll("[data-attempt-closed]")) forget(over.dataset);
for (const form of document.querySelectorAll("form[data-attempt]")) {
  import("./sheet.js").then(({ startSheet }) => startSheet(form));
}
for (const scene of document.querySelectorAll("[data-scene]")) {
  import("./play.js").then(({ startPlay }) => startPlay(scene));
}
if (document.querySelector('meta[name="dev"]')) reloadOnChange();

/** Menus close on Escape and on a click elsewhere. */
function menus() {
  const open = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

/** "/" goes to the search field; suggestions come once somebody is in it. */
function finding() {
  const form = document.querySelector("form[data-find]");
  const start = () => import("./search.js").then(({ startSearch }) => startSearch(form));
  if (form?.contains(document.activeElement)) start();
  else form?.addEventListener("focusin", start, { once: true });
  document.addEventListener("keydown", (event) => {
    const busy = event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented;
    const typing = event.target.closest?.("input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]");
    if (event.key !== "/" || busy || typing) return;
    const field = form?.querySelector("input");
    const link = document.querySelector(".find-go");
    if (!field && !link) return;
    event.preventDefault();
    if (field?.getClientRects().length) field.select();
    else link?.click();
  });
}

/** Passwords, the time zone and the demo people. */
async function account() {
  const fields = document.querySelectorAll("[data-password], [data-zone], [data-demo]");
  if (fields.length === 0) return;
  const parts = await import("./account.js").catch(() => undefined);
  if (!parts) return; // the line is lost; the forms work without it
  const { startDemo, startPassword, startZone } = parts;
  for (const field of fields) {
    if (field.hasAttribute("data-password")) startPassword(field);
    else if (field.hasAttribute("data-zone")) startZone(field);
    else startDemo(field);
  }
}

/** What is written and not sent yet comes back with its page. */
async function drafts() {
  const words = JSON.parse(document.querySelector("[data-notices]")?.dataset.words ?? "null");
  if (!words) return; // nobody is signed in
  try {
    if (!sessionStorage.getItem("insidebox.drafts") && !document.querySelector("main form textarea")) return;
    const { startDrafts } = await import("./drafts.js");
    startDrafts(words);
  } catch {
    // the browser forbids the store, or the line is lost; the forms work without it
  }
}

/** Self-checks answer in place. */
function checks() {
  for (const form of document.querySelectorAll("form[data-check]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      check(form);
    });
  }
}

/** @param {HTMLFormElement} form */
async function check(form) {
  const place = form.querySelector("[data-check-answer]");
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { "X-Requested-With": "fetch" },
    });
    const answer = fragment(await response.text());
    // Anything else, such as a page to sign in, is shown as a page.
    if (response.redirected || !answer?.matches(".verdict")) return form.submit();
    place.replaceChildren(answer);
    answer.setAttribute("tabindex", "-1");
    answer.focus();
  } catch {
    showNotice("check", "warning", form.dataset.failed);
  }
}

/** Marks the heading that is being read in the contents beside the text. */
function contents() {
  const links = new Map();
  for (const link of document.querySelectorAll('[data-contents] a[href^="#"]')) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) links.set(heading, link);
  }
  if (links.size === 0) return;
  const mark = () => {
    const read = [...links.keys()].filter((heading) => heading.getBoundingClientRect().top < innerHeight * 0.3).at(-1);
    for (const [heading, link] of links) {
      if (heading === read) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  const observer = new IntersectionObserver(mark, { rootMargin: "0px 0px -70% 0px", threshold: [0, 1] });
  for (const heading of links.keys()) observer.observe(heading);
}

/** The bar under the top bar says how far the lesson is read. */
function readSoFar() {
  const bar = document.querySelector("[data-read-so-far]");
  const text = document.querySelector("[data-reading] .prose");
  if (!bar || !text) return;
  const show = () => {
    const { top, height } = text.getBoundingClientRect();
    const far = (innerHeight - top) / height; // all of it, once its end is in sight
    bar.value = scrollY > 0 ? Math.min(1, Math.max(0, far)) : 0;
  };
  addEventListener("scroll", show, { passive: true });
  addEventListener("resize", show, { passive: true });
  show();
}

/** A lesson marked read is ticked before one's eyes, on the page of the next. */
function justRead() {
  const key = "just-read";
  try {
    document.querySelector("form.lesson-done")?.addEventListener("submit", () => sessionStorage.setItem(key, location.pathname));
    const read = sessionStorage.getItem(key);
    const place = document.querySelector("[data-just-read]");
    sessionStorage.removeItem(key);
    if (!read || !place || read === location.pathname) return;
    for (const link of document.querySelectorAll(".path a")) {
      if (link.pathname === read) link.classList.add("just-read");
    }
    const note = document.createElement("p");
    note.className = "read-note";
    note.textContent = place.dataset.justRead;
    note.addEventListener("animationend", () => note.remove());
    place.append(note);
  } catch {
    // the browser forbids the store; then nothing is said
  }
}

/** A button beside a command copies it. */
function copying() {
  for (const place of document.querySelectorAll("[data-copy]")) {
    const button = place.querySelector("button");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(place.querySelector("code").textContent);
        button.textContent = button.dataset.copied;
        place.querySelector("[role=status]").textContent = button.dataset.copied;
      } catch {
        getSelection().selectAllChildren(place.querySelector("code")); // copied by hand, then
      }
    });
  }
}

/** After a refused form the summary of errors is read first. */
function focusSummary() {
  document.querySelector("[data-focus]:not(.specimen *)")?.focus();
}

/** Back to a page in the browser's memory: what it says may be over by now. */
function refresh({ persisted }) {
  const page = persisted && document.querySelector("[data-fresh]");
  if (page) location.replace(page.dataset.fresh);
}

/** The attempt is over: what this device kept of it goes. */
async function forget({ person, attemptClosed }) {
  const { clearKept, keptUnder } = await import("./save-queue.js");
  try {
    clearKept(localStorage, keptUnder(person, attemptClosed));
  } catch {
    // the browser forbids the store; then nothing was kept
  }
}

/** While authors work: reload when content, templates or static files change. */
function reloadOnChange() {
  let known;
  const events = new EventSource("/dev/events");
  events.addEventListener("change", () => location.reload());
  // A server that was restarted may serve something else.
  events.addEventListener("open", () => {
    if (known) location.reload();
    known = true;
  });
}
