/** Asks the court for a ticket. */

/** @typedef {import("./island.js").Island} Island */

/** The court said no; `code` is stable, the message is in the reader's language. */
export class EntryRefused extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** Refusals that pass by themselves: it is worth asking again in a while. */
export const PASSING = new Set(["not-yet-open", "not-checked-in", "no-worker", "unreachable"]);

/**
 * A new ticket for somebody whose worker is gone; null while none can be had.
 *
 * @param {Island} island
 */
export async function renewTicket(island) {
  try {
    return await askForTicket(island);
  } catch (error) {
    if (error instanceof EntryRefused && PASSING.has(error.code)) return null;
    throw error;
  }
}

/**
 * A ticket to the call, and the address that takes it.
 *
 * @param {Island} island
 * @returns {Promise<{url: string, ticket: string}>}
 */
export async function askForTicket(island) {
  /** @type {Record<string, string>} */
  const headers = {
    "content-type": "application/json",
    "accept-language": island.locale,
    "x-csrf-token": island.csrf,
  };
  if (island.device) headers["x-asks-as"] = "device";
  let answer;
  try {
    answer = await fetch(`/api/v1/sessions/${island.session}/tickets`, {
      method: "POST", headers, body: JSON.stringify({ as: island.as }),
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new EntryRefused("unreachable", island.texts.unreachable ?? "");
  }
  if (!answer.headers.get("content-type")?.includes("json")) {
    throw new EntryRefused("unreachable", island.texts.unreachable ?? ""); // a proxy's own page
  }
  const body = await answer.json();
  if (answer.ok) return { url: body.url, ticket: body.ticket };
  const reasons = (body.reasons ?? []).map((/** @type {{message: string}} */ r) => r.message);
  const code = String(body.type).split("/").pop() ?? "";
  throw new EntryRefused(code, [body.detail, ...reasons].join(" "));
}
