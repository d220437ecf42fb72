/**
 * What happens between one page and the next: a form is sent once, a slow way
 * shows that it is under way, a page comes back where it was left, and a lost
 * connection is said and taken back.
 */
import { hideNotice, showNotice } from "./notices.js";

const SLOW = 150; // ms after which a way to the next page is worth a sign
const GIVE_UP = 10000; // ms after which nothing came: the form may be sent again
const KEPT = "insidebox.left";

/** Starts all of it. */
export function startFlow() {
  addEventListener("touchstart", () => {}, { passive: true }); // without a listener, touches press nothing on iOS
  addEventListener("pageshow", ({ persisted }) => persisted && arrived());
  addEventListener("pagehide", stopGoing);
  document.addEventListener("submit", sent);
  document.addEventListener("click", followed);
  comeBack();
  connection();
}

/** A second click on a button sends nothing, and what was typed is not lost to a lost connection. @param {SubmitEvent} event */
function sent(event) {
  const form = event.target;
  const method = form.getAttribute("method")?.toLowerCase();
  if (event.defaultPrevented || method === "dialog" || form.target || event.submitter?.dataset.file !== undefined) return; // a file comes, and no page
  if (!navigator.onLine && gone) {
    event.preventDefault();
    hideNotice("offline"); // said anew, it is read anew
    return gone();
  }
  if (method !== "post") return going();
  if (form.dataset.sending !== undefined) return event.preventDefault();
  form.dataset.sending = "";
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(() => settle(form), GIVE_UP);
  leave(form, event.submitter);
  going();
}

/** The form may be sent again. */
function settle(form) {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll('[type="submit"], button')) button.removeAttribute("aria-disabled");
}

/** @param {MouseEvent} event */
function followed(event) {
  const link = event.target.closest?.("a[href]");
  const elsewhere = event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || elsewhere || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  const here = link.pathname === location.pathname && link.search === location.search;
  if (!(here && link.hash) && !link.pathname.startsWith("/assets/")) going();
}

let slow;
let bar;
let gone; // says that the connection is gone

/** A thin line at the top, once the next page takes longer than a moment. */
function going() {
  stopGoing();
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  slow = setTimeout(() => {
    bar = document.createElement("div");
    bar.className = "way-line";
    document.body.append(bar);
    slow = setTimeout(stopGoing, GIVE_UP);
  }, SLOW);
}

function stopGoing() {
  clearTimeout(slow);
  bar?.remove();
}

/** The page comes out of the browser's memory, as it was left. */
function arrived() {
  stopGoing();
  for (const form of document.querySelectorAll("form[data-sending]")) settle(form);
}

/** Notes where a form was sent from. */
function leave(form, button) {
  const place = { path: location.pathname, y: scrollY, at: Date.now(), action: form.getAttribute("action"), button: button?.textContent };
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ ...place, form: alike(form.getAttribute("action")).indexOf(form) }));
  } catch {
    // the browser forbids the store; the page begins at its top
  }
}

const alike = (action) => [...document.forms].filter((form) => form.getAttribute("action") === action);

/** A form led back to the page it stands on: the eye and the focus stay where they were. */
function comeBack() {
  let left;
  try {
    left = JSON.parse(sessionStorage.getItem(KEPT));
    sessionStorage.removeItem(KEPT);
  } catch {
    return;
  }
  const refused = document.querySelector("[data-focus]:not(.specimen *)");
  if (!left || left.path !== location.pathname || Date.now() - left.at > GIVE_UP || location.hash || refused) return;
  scrollTo({ top: left.y, behavior: "instant" });
  const form = alike(left.action)[left.form];
  const button = [...(form?.querySelectorAll("button") ?? [])].find((one) => one.textContent === left.button);
  button?.focus({ preventScroll: true });
  const news = document.querySelector(".notices > .notice p");
  if (news && news.getBoundingClientRect().top < 0) import("./toast.js").then(({ toast }) => toast(news.textContent));
}

/** Says that the connection is gone, where a page does not say so itself. */
function connection() {
  const words = JSON.parse(document.querySelector("[data-notices]")?.dataset.words ?? "null");
  if (!words || document.querySelector("form[data-attempt], [data-scene]")) return;
  gone = () => showNotice("offline", "warning", words.offline);
  addEventListener("offline", gone);
  addEventListener("online", () => {
    hideNotice("offline");
    import("./toast.js").then(({ toast }) => toast(words.online), () => {});
  });
  if (!navigator.onLine) gone();
}
