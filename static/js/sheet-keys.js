/**
 * Keys on the sheet of a quiz: n and p go to the next and the previous
 * question; within a question digits choose, and arrows move from box to box
 * as they do by themselves between radio buttons. Nothing happens with a
 * modifier held, or while somebody writes.
 */

/** @param {HTMLFormElement} form */
export function startKeys(form) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (event.target.closest?.("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])")) return;
    if (event.key === "n" || event.key === "p") go(form, event, event.key === "n" ? 1 : -1);
    const block = event.target.closest?.("[data-item]");
    if (block && /^[1-9]$/.test(event.key)) choose(block, event);
    if (block && /^Arrow(Up|Down)$/.test(event.key) && event.target.type === "checkbox") step(block, event);
  });
}

/** To the question after or before the one that has the focus or, without one, is being read. */
function go(form, event, by) {
  const blocks = [...form.querySelectorAll("[data-item]")];
  let at = blocks.findIndex((block) => block.contains(document.activeElement));
  if (at < 0) at = blocks.findLastIndex((block) => block.getBoundingClientRect().top < innerHeight / 5);
  const block = blocks[at + by];
  if (!block) return;
  event.preventDefault();
  const input = block.querySelector("input:checked") ?? block.querySelector("input:not([type=hidden])");
  input?.focus({ preventScroll: true });
  block.scrollIntoView({ block: "start" });
}

function choose(block, event) {
  const input = choices(block)[Number(event.key) - 1];
  if (!input) return;
  event.preventDefault();
  input.focus();
  input.click();
}

function step(block, event) {
  const list = choices(block);
  const next = list[list.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function choices(block) {
  return [...block.querySelectorAll("input[type=radio], input[type=checkbox]")];
}
