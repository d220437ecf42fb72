/** Bars under the top bar that scripts put up and take down. */

const KINDS = { info: "status", success: "status", warning: "status", error: "alert" };
const ICONS = { info: "info", success: "ok", warning: "warning", error: "fatal" };

/**
 * Shows a notice; one with the same name is replaced.
 * @param {string} name
 * @param {"info"|"success"|"warning"|"error"} kind
 * @param {string} text
 * @param {{text: string, href: string}} [link]  opens in a new tab
 */
export function showNotice(name, kind, text, link) {
  const place = document.querySelector("[data-notices]");
  if (!place) return;
  const old = place.querySelector(`[data-notice="${name}"]`);
  if (old?.dataset.text === text) return;
  const bar = element("div", { class: `notice ${kind}`, role: KINDS[kind], "data-notice": name, "data-text": text });
  bar.append(...icon(ICONS[kind]), element("p", {}, text));
  if (link) bar.append(element("a", { href: link.href, target: "_blank", rel: "noopener" }, link.text));
  old?.remove();
  place.append(bar);
}

/** @param {string} name */
export function hideNotice(name) {
  document.querySelector(`[data-notice="${name}"]`)?.remove();
}

/** One of the page's icons, from the file that its other icons come from; none where it has none. */
function icon(name) {
  const file = document.querySelector("svg.icon use")?.getAttribute("href").split("#")[0];
  if (!file) return [];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS(svg.namespaceURI, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${file}#${name}`);
  svg.append(use);
  return [svg];
}

/**
 * Makes an element; text is text, never HTML.
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {string} [text]
 */
export function element(tag, attributes, text = "") {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}

/**
 * Reads a piece of HTML that our own server rendered.
 * @param {string} html
 * @returns {Element|null} its first element
 */
export function fragment(html) {
  return new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
}
