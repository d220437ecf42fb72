/**
 * A toast: one sentence at the lower edge that goes by itself. It is never
 * the only place where something is said that one must know.
 */
import { element } from "./notices.js";

const STAYS = 6000;
let region;
let timer;

/** @param {string} sentence */
export function toast(sentence) {
  if (!region) {
    region = element("div", { class: "toast", role: "status", "aria-live": "polite" });
    // Whoever is still reading it, or goes to it, keeps it.
    region.addEventListener("pointerenter", () => clearTimeout(timer));
    region.addEventListener("pointerleave", later);
    document.body.append(region);
  }
  // A region that was there before its text is read out by more readers.
  requestAnimationFrame(() => region.replaceChildren(element("p", {}, sentence)));
  later();
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(() => region.replaceChildren(), STAYS);
}
