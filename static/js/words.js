/**
 * The sentences that scripts say. The server hands them over, in the language
 * of the page, by data-words on the element that a script works on: a JSON
 * object of texts, or of plural forms where a number decides.
 */

/**
 * @param {Element} element  that has data-words, or stands in one that has
 * @returns {Record<string, string|Record<string, string>>}
 */
export function wordsOf(element) {
  return JSON.parse(element.closest("[data-words]")?.dataset.words ?? "{}");
}

/**
 * A sentence with its placeholders filled in; N chooses the plural form. An id
 * that is not there comes back itself.
 * @param {Record<string, string|Record<string, string>>} words
 * @param {string} id
 * @param {Record<string, string|number>} [values]
 * @param {string} [language]
 */
export function say(words, id, values = {}, language = document.documentElement.lang) {
  const text = Object.hasOwn(words, id) ? words[id] : id;
  const form = typeof text === "string" ? text : (text[new Intl.PluralRules(language).select(Number(values.N))] ?? text.other);
  return form.replace(/\{\{\s*\.(\w+)\s*\}\}/g, (whole, name) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
}
