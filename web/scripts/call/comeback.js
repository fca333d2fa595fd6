/**
 * The way back into a call: with which token, to which server, and when.
 *
 * A lost line leads to the same server again, at once and by the resume token. A server that does
 * not answer, or says that the call is no longer its own, is gone: the token is traded at the app
 * for a ticket to another.
 *
 * @typedef {import("./connection.js").Entry} Entry
 * @typedef {(resume: string | null) => Promise<Entry | null>} Renew
 */

const BACK_OFF_MS = [0, 300, 700, 1500, 3000];
const LONGEST_MS = 5000;

/** How long the first server may take to answer, and one we were with before. */
const FIRST_WITHIN_MS = 6000;
const AGAIN_WITHIN_MS = 2000;

/** What a server is lost by that will not have us again. */
const GOING = new Set(["shutdown", "moved"]);

export class Comeback {
  url;
  /** @type {string | null} a ticket opens the door once; null from the moment it was shown */
  #ticket;
  /** @type {string | null} the resume token, once we were in */
  resume = null;
  #renew;
  #elsewhere = false;
  /** How often we tried since sound and pictures last flowed. */
  tries = 0;

  /**
   * @param {Entry} entry
   * @param {Renew} [renew] gets a new ticket, for the resume token where we have one; null where
   *   there is none to be had just now. What it throws ends the call: `code` and `message` say why
   */
  constructor({ url, ticket }, renew) {
    this.url = url;
    this.#ticket = ticket;
    this.#renew = renew;
  }

  /** Whether a new ticket is needed before the next try. */
  get stale() {
    return this.#elsewhere || !(this.resume || this.#ticket);
  }

  /** Whether anybody could get us one. */
  get renewable() {
    return this.#renew !== undefined;
  }

  /** How long the next server may take to answer. */
  get within() {
    return this.resume && !this.#ticket ? AGAIN_WITHIN_MS : FIRST_WITHIN_MS;
  }

  /** What to show now; a ticket is used up by it. @returns {Record<string, string>} */
  show() {
    const ticket = this.#ticket;
    this.#ticket = null;
    return ticket ? { ticket } : { resume: this.resume ?? "" };
  }

  /** We are in. @param {string} resume */
  arrived(resume) {
    this.resume = resume;
    this.#elsewhere = false;
  }

  /**
   * Note how a try ended; the milliseconds to wait before the next.
   *
   * @param {string} why
   * @param {boolean} joined whether the server had let us in
   * @returns {number}
   */
  after(why, joined) {
    if (this.#renew && (GOING.has(why) || !joined)) this.#elsewhere = true;
    const pause = BACK_OFF_MS[this.tries] ?? LONGEST_MS;
    this.tries += 1;
    return pause;
  }

  /** Ask for a new ticket; without one the old server is tried again. */
  async renew() {
    const fresh = await this.#renew?.(this.resume);
    this.#elsewhere = false;
    if (fresh) ({ url: this.url, ticket: this.#ticket } = fresh);
  }
}
