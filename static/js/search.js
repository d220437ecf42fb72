/**
 * Suggestions under a search field, as one types: a combobox whose list the
 * server renders. Without this script the form asks for the page of results.
 */
import { element, fragment } from "./notices.js";
import { say, wordsOf } from "./words.js";

const PAUSE = 80; // ms after a key, so that a fast typist asks once a word

/** @param {HTMLFormElement} form */
export function startSearch(form) {
  const input = form.querySelector("input");
  const words = wordsOf(form);
  const panel = element("div", { class: "found-panel", hidden: "" });
  const status = element("p", { class: "visually-hidden", role: "status" });
  form.append(panel, status);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": "found-list", "aria-expanded": "false" })) {
    input.setAttribute(name, value);
  }

  let turn = 0; // counts what was asked; an answer to an earlier turn is late
  let going; // the request under way
  let pause;
  let active = -1;
  const options = () => [...panel.querySelectorAll("[role=option]")];

  const close = () => {
    turn += 1;
    going?.abort();
    clearTimeout(pause);
    panel.hidden = true;
    panel.replaceChildren();
    status.textContent = "";
    input.setAttribute("aria-expanded", "false");
    choose(-1);
  };

  const choose = (n) => {
    active = n;
    options().forEach((option, i) => option.setAttribute("aria-selected", String(i === n)));
    const option = options()[n];
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };

  const show = (found, said) => {
    panel.replaceChildren(found);
    panel.hidden = false;
    input.setAttribute("aria-expanded", String(options().length > 0));
    status.textContent = said;
    choose(-1);
  };

  const tell = (id) => show(element("p", { class: "found-none" }, say(words, id)), say(words, id));

  const ask = async () => {
    const q = input.value.trim();
    if (!q) return close();
    turn += 1;
    const mine = turn;
    going?.abort();
    going = new AbortController();
    try {
      const response = await fetch(`${form.action}?${new URLSearchParams({ q })}`, {
        headers: { "X-Requested-With": "fetch" },
        signal: going.signal,
      });
      const answer = fragment(await response.text());
      if (mine !== turn) return;
      if (!response.ok) tell("unreachable");
      else if (response.redirected || !answer?.matches("[data-found]")) close(); // signed out: Enter leads to the sign-in
      else show(answer, answer.dataset.said);
    } catch {
      if (mine === turn) tell("offline");
    }
  };

  const soon = () => {
    clearTimeout(pause);
    pause = setTimeout(ask, PAUSE);
  };

  const step = (by) => {
    const count = options().length;
    if (count === 0) return ask();
    // One place more than there are options: that of the field itself.
    choose(((active + 1 + by + count + 1) % (count + 1)) - 1);
  };

  const keys = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Escape: () => !panel.hidden && (close(), true),
    Enter: () => active >= 0 && (options()[active].click(), true),
  };
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || !Object.hasOwn(keys, event.key)) return;
    if (keys[event.key]() !== false) event.preventDefault();
  });
  input.addEventListener("input", soon);
  form.addEventListener("submit", close);
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) close();
  });
  panel.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  panel.addEventListener("click", (event) => {
    if (event.target.closest("a")) close(); // also when it leads to a place on this page
  });
  if (input.value !== input.defaultValue) soon();
}
