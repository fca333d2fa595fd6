/** What a page says when a talk is over, or when the court refuses something in it. */

/**
 * @typedef {import("./island.js").Words} Words
 * @typedef {{title: string, text: string, again: boolean, reason: string}} Ending
 *   `again`: it makes sense to enter again
 * @typedef {{title: string, code: string, about?: string}} Problem
 */

/**
 * @param {Words} words
 * @param {{reason: string, detail: string, problem: Problem | null}} closed
 * @returns {Ending}
 */
export function endingOf(words, { reason, detail, problem }) {
  if (reason === "ended" && ["time", "called_off", "rights_ended"].includes(detail)) {
    return { ...said(words, detail), again: false, reason: detail };
  }
  if (reason === "ended") return { ...said(words, "ended", { reason: detail }), again: false, reason };
  if (reason === "expelled") return { ...said(words, reason), again: true, reason };
  if (reason === "left" || reason === "displaced") return { ...said(words, reason), again: true, reason };
  const { title, text } = said(words, "refused");
  return { title, text: problem ? refusal(words, problem) : text, again: true, reason };
}

/**
 * @param {Words} words
 * @param {string} key
 * @param {Record<string, string>} [values]
 */
function said(words, key, values = {}) {
  return { title: words.say(`closed_${key}_title`), text: words.say(`closed_${key}`, values) };
}

/**
 * Why something was refused, in the reader's language where we know the code.
 *
 * @param {Words} words
 * @param {Problem} problem
 */
export function refusal(words, { title, code, about }) {
  if (about === "extend") return words.say("extend_refused");
  return words.texts[`problem_${code}`] ?? title;
}
