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
export const PASSING = new Set(["not-yet-open", "not-checked-in", "no-worker", "unreachable", "server-error"]);

const PATIENCE_MS = 5000;

/**
 * A new ticket for somebody whose worker is gone; null while none can be had.
 *
 * @param {Island} island
 * @param {string | null} resume the token to trade for it, where we were in before
 */
export async function renewTicket(island, resume) {
  try {
    return resume ? await tradeToken(island, resume) : await askForTicket(island);
  } catch (error) {
    if (error instanceof EntryRefused && PASSING.has(error.code)) return null;
    throw error;
  }
}

/**
 * A ticket to the call, and the address that takes it.
 *
 * @param {Island} island
 */
export function askForTicket(island) {
  return postForTicket(island, `/api/v1/sessions/${island.session}/tickets`, { as: island.as });
}

/**
 * A ticket from any address that gives them.
 *
 * @param {Island} island
 * @param {string} path
 * @param {Record<string, string | number>} wish
 */
export async function postForTicket(island, path, wish) {
  /** @type {Record<string, string>} */
  const headers = { "content-type": "application/json", "x-csrf-token": island.csrf };
  if (island.device) headers["x-asks-as"] = "device";
  return await post(island, path, { headers, body: JSON.stringify(wish) });
}

/**
 * @param {Island} island
 * @param {string} resume
 */
async function tradeToken(island, resume) {
  const headers = { authorization: `Bearer ${resume}` };
  return await post(island, `/api/v1/sessions/${island.session}/resume`, { headers });
}

/**
 * @param {Island} island
 * @param {string} path
 * @param {{headers: Record<string, string>, body?: string}} how
 * @returns {Promise<{url: string, ticket: string}>}
 */
async function post(island, path, how) {
  const unreachable = new EntryRefused("unreachable", island.texts.unreachable ?? "");
  let answer;
  let body;
  try {
    answer = await fetch(path, {
      ...how,
      method: "POST",
      headers: { ...how.headers, "accept-language": island.locale },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!answer.headers.get("content-type")?.includes("json")) throw unreachable; // a proxy's own page
    body = await answer.json();
  } catch (error) {
    const timedOut = error instanceof DOMException && error.name === "TimeoutError";
    if (!(error instanceof TypeError || timedOut)) throw error;
    throw unreachable;
  }
  if (answer.ok) return { url: body.url, ticket: body.ticket };
  const reasons = (body.reasons ?? []).map((/** @type {{message: string}} */ r) => r.message);
  const code = String(body.type).split("/").pop() ?? "";
  throw new EntryRefused(code, [body.detail, ...reasons].join(" "));
}
