/**
 * Keys that do something by themselves: ? says what they are, n and p go on
 * and back. Whoever speaks to the computer, or slips on the keyboard, can
 * switch them all off.
 */

const STORE = "insidebox.keys";
const TYPING = "input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]";
const ways = { n: "next", p: "prev" };

/** Starts them. */
export function startKeys() {
  addEventListener("keydown", silence, true);
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-dialog]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(link.href);
  });
  document.addEventListener("change", ({ target }) => target.matches?.("[data-keys-switch]") && remember(target.checked));
  document.addEventListener("shown", (event) => show(event.target));
  show(document);
}

const open = (url) => import("./dialog.js").then(({ openDialog }) => openDialog(url));
const alone = (event) => !(event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented);

/** Switched off, a single sign reaches no script. The field that one types in has it all the same. */
function silence(event) {
  if (off() && alone(event) && /^[a-z0-9/?]$/i.test(event.key) && !event.target.closest?.(TYPING)) event.stopImmediatePropagation();
}

function pressed(event) {
  if (!alone(event) || event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
  if (event.key === "?" && document.querySelector(".top")) {
    event.preventDefault();
    open("/help/keyboard");
  }
  if (Object.hasOwn(ways, event.key) && !event.target.closest?.("button, summary")) {
    document.querySelector(`a[rel="${ways[event.key]}"]`)?.click();
  }
}

function off() {
  try {
    return localStorage.getItem(STORE) === "off";
  } catch {
    return false;
  }
}

function remember(on) {
  try {
    if (on) localStorage.removeItem(STORE);
    else localStorage.setItem(STORE, "off");
  } catch {
    // the browser forbids the store; then it holds for no other page
  }
}

/** @param {ParentNode} place */
function show(place) {
  for (const box of place.querySelectorAll("[data-keys-switch]")) box.checked = !off();
}
