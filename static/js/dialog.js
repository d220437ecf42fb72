/**
 * A link that opens what it leads to in a dialog: the server sends the same
 * content as a <dialog>. Without this script the link leads to the page.
 */
import { fragment } from "./notices.js";

/** @param {string} url */
export async function openDialog(url) {
  if (document.querySelector("dialog[open]")) return;
  let dialog;
  try {
    const response = await fetch(url, { headers: { "X-Requested-With": "fetch" } });
    dialog = fragment(await response.text());
    if (!response.ok || response.redirected || !dialog?.matches("dialog")) return location.assign(url); // signed out, perhaps
  } catch {
    return; // without a connection there is nothing to show, and the page says so
  }
  if (document.querySelector("dialog[open]")) return; // asked for twice
  for (const part of dialog.querySelectorAll("[data-keys-for]")) part.hidden = !document.querySelector(part.dataset.keysFor);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close()); // beside it
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.dispatchEvent(new Event("shown", { bubbles: true }));
  dialog.showModal();
}
