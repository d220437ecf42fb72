/**
 * Fields of the sign-in and of the account: passwords that can be shown, a
 * hint on their length, the time in a zone, demo people.
 */
import { say, wordsOf } from "./words.js";

/** @param {HTMLElement} field  holds one password */
export function startPassword(field) {
  const input = field.querySelector("input");
  const toggle = field.querySelector("[data-show]");
  const caps = field.querySelector("[data-caps]");
  const length = field.querySelector("[data-length]");
  toggle.checked = false;
  field.dataset.ready = "";
  toggle.addEventListener("change", () => {
    input.type = toggle.checked ? "text" : "password";
  });
  // What is sent is a password again, so that no browser keeps it as text.
  input.form.addEventListener("submit", () => {
    input.type = "password";
    toggle.checked = false;
  });
  for (const kind of ["keydown", "keyup"]) {
    input.addEventListener(kind, (event) => {
      caps.hidden = !event.getModifierState?.("CapsLock");
    });
  }
  input.addEventListener("blur", () => {
    caps.hidden = true;
  });
  if (length) startLength(input, length, field);
}

/** Says how long the password still has to get: length is what makes it good. */
function startLength(input, place, { dataset }) {
  const words = JSON.parse(dataset.words);
  input.addEventListener("input", () => {
    const missing = Number(dataset.least) - [...input.value].length;
    const text = missing > 0 ? say(words, "missing", { N: missing }) : say(words, "enough");
    place.textContent = input.value ? text : "";
    place.classList.toggle("inside", missing <= 0);
  });
}

/** Shows what the clock says in the zone that is chosen. @param {HTMLElement} field */
export function startZone(field) {
  const words = wordsOf(field);
  const input = field.querySelector("input");
  const place = field.querySelector("[data-zone-now]");
  const tell = () => {
    const timeZone = input.value.trim() || field.dataset.zone;
    try {
      const time = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" }).format(new Date());
      place.textContent = say(words, "now", { Time: time });
    } catch {
      place.textContent = say(words, "unknown");
    }
  };
  input.addEventListener("input", tell);
}

/** A demo person fills in the form. @param {HTMLElement} demo */
export function startDemo(demo) {
  const form = document.querySelector('form[action="/login"]');
  for (const button of demo.querySelectorAll("button[data-email]")) {
    button.addEventListener("click", () => {
      form.elements.email.value = button.dataset.email;
      form.elements.password.value = demo.dataset.demo;
      form.querySelector("button.button").focus();
    });
  }
}
