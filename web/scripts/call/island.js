/**
 * What the page tells its scripts: data and texts in the reader's language.
 *
 * @typedef {object} Island
 * @property {string} session id of the session; empty on a kiosk until there is one
 * @property {string} as the role
 * @property {string} locale
 * @property {string} csrf
 * @property {boolean} device whether a paired device asks, not a person
 * @property {string} now the server's clock when the page was made
 * @property {string} opens_at
 * @property {string} starts_at
 * @property {number} pairs how many others are seen at once
 * @property {string[]} required roles without whom the talk does not begin
 * @property {string} help_number
 * @property {string} home
 * @property {number[]} warn_minutes
 * @property {Record<string, string>} texts
 */

/** @returns {Island} */
export function readIsland() {
  const island = JSON.parse(element("call-data").textContent ?? "{}");
  return { session: "", as: "", now: new Date().toISOString(), opens_at: "", starts_at: "", home: "/", pairs: 4, ...island };
}

/**
 * An element that the template has.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

/**
 * Show or hide.
 *
 * @param {string} id
 * @param {boolean} shown
 */
export function show(id, shown) {
  const found = document.getElementById(id);
  if (found) found.hidden = !shown;
}

/** Says things in the reader's language. */
export class Words {
  /** @param {Island} island */
  constructor({ texts, locale }) {
    this.texts = texts;
    this.locale = locale;
    this.numbers = new Intl.NumberFormat(locale, { useGrouping: false });
    this.times = new Intl.DateTimeFormat(locale, {
      hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Tehran",
    });
    this.lists = new Intl.ListFormat(locale, { type: "conjunction" });
  }

  /**
   * A text with its `{name}` places filled; numbers are written as the reader expects them.
   *
   * @param {string} key
   * @param {Record<string, string | number>} [values]
   */
  say(key, values = {}) {
    const text = this.texts[key];
    if (text === undefined) throw new Error(`no text ${key}`);
    return text.replace(/\{(\w+)\}/g, (_, name) => {
      const value = values[name] ?? "";
      return typeof value === "number" ? this.numbers.format(value) : value;
    });
  }

  /** The time on the wall in Tehran. @param {string | number | Date} instant */
  time(instant) {
    return this.times.format(new Date(instant));
  }

  /** What a role is called. @param {string} role */
  role(role) {
    return this.texts[`role_${role}`] ?? role;
  }

  /** What it means to be at a station; nothing for who is where their role is. @param {string} station */
  station(station) {
    const name = station.startsWith("aside_") ? "aside" : station;
    return this.texts[`station_${name}`] ?? this.texts[`arrived_${name}`] ?? "";
  }

  /** Minutes and seconds, `01:10`. @param {number} milliseconds */
  clock(milliseconds) {
    const whole = Math.max(0, Math.ceil(milliseconds / 1000));
    const two = new Intl.NumberFormat(this.locale, { minimumIntegerDigits: 2, useGrouping: false });
    return `${two.format(Math.floor(whole / 60))}:${two.format(whole % 60)}`;
  }
}

/**
 * Which warning is due: the least number of whole minutes that has been reached.
 *
 * @param {number} remainingMs
 * @param {number[]} minutes such as 5, 2, 1
 * @returns {number | null}
 */
export function warningDue(remainingMs, minutes) {
  const reached = minutes.filter((m) => remainingMs <= m * 60_000 && remainingMs > 0);
  return reached.length ? Math.min(...reached) : null;
}
