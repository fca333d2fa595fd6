/** Who is here and who is awaited, and what the bench and the clerk do about it. */

import { element, show } from "./island.js";

/**
 * @typedef {import("./island.js").Island} Island
 * @typedef {import("./island.js").Words} Words
 * @typedef {import("./talk.js").Talk} Talk
 * @typedef {{id: string, name: string, role: string, site: string | null, station: string | null, clients: string[]}} Present
 * @typedef {{call: string, quorum: number, judges_here: number, closed_reason: string | null, closing_reasons: string[], people: Present[], powers: string[]}} Room
 */

const SETTLE_MS = 300;
const PATIENCE_MS = 8000;
const LEADERS = new Set(["presiding_judge", "associate_judge", "clerk"]);
const PRIVATE = /^(chamber|aside_\d)$/;

export class Bench {
  #island;
  #words;
  /** @type {number | undefined} */
  #settling;

  /**
   * @param {Island} island
   * @param {Words} words
   * @param {Talk} talk
   */
  constructor(island, words, talk) {
    this.#island = island;
    this.#words = words;
    for (const news of ["people", "state", "in"]) talk.addEventListener(news, () => this.#soon());
    for (const id of ["bench-open", "bench-all"]) {
      const button = element(id);
      button.onclick = () => this.#act({ act: button.dataset.act ?? "" });
    }
    const doors = /** @type {HTMLFormElement} */ (element("bench-doors"));
    doors.onsubmit = (event) => {
      event.preventDefault();
      const button = /** @type {HTMLButtonElement} */ (event.submitter);
      const reason = String(new FormData(doors).get("reason") ?? "");
      this.#act(button.value === "close_doors" ? { act: "close_doors", reason } : { act: "open_doors" });
    };
  }

  /** Look once things have come to rest: several come in at the same moment. */
  #soon() {
    window.clearTimeout(this.#settling);
    this.#settling = window.setTimeout(() => this.#ask("GET"), SETTLE_MS);
  }

  /** @param {Record<string, unknown>} wish */
  #act(wish) {
    return this.#ask("POST", wish);
  }

  /**
   * @param {string} method
   * @param {Record<string, unknown>} [wish]
   */
  async #ask(method, wish) {
    const headers = {
      "accept-language": this.#island.locale,
      "content-type": "application/json",
      "x-csrf-token": this.#island.csrf,
      "idempotency-key": crypto.randomUUID(),
    };
    let answer;
    let body;
    try {
      answer = await fetch(`/api/v1/hearings/${this.#island.session}/room`, {
        method, headers, body: wish && JSON.stringify(wish), signal: AbortSignal.timeout(PATIENCE_MS),
      });
      body = await answer.json();
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof SyntaxError || error instanceof DOMException)) throw error;
      this.#problem(this.#words.say("unreachable"));
      return;
    }
    if (!answer.ok) {
      const reasons = (body.reasons ?? []).map((/** @type {{message: string}} */ r) => r.message);
      this.#problem([body.detail, ...reasons].join(" "));
      return;
    }
    this.#problem("");
    this.#draw(body);
  }

  /** @param {string} text */
  #problem(text) {
    element("bench-problem").textContent = text;
    show("bench-problem", text !== "");
  }

  /** @param {Room} room */
  #draw(room) {
    const may = new Set(room.powers);
    const { judges_here: here, quorum } = room;
    element("bench-count").textContent = this.#words.say("bench_count", { here, quorum });
    show("bench-open", may.has("open") && room.call === "waiting");
    show("bench-all", may.has("admit") && room.people.some((one) => one.station === "lobby"));
    show("bench-doors", may.has("close_doors"));
    const closed = room.closed_reason !== null;
    element("bench-doors-state").textContent = this.#words.say(closed ? "doors_closed" : "doors_open");
    show("bench-doors-why", !closed);
    for (const option of /** @type {HTMLSelectElement} */ (element("bench-reason")).options) {
      option.hidden = option.disabled = !room.closing_reasons.includes(option.value); // by the rule of the day
    }
    show("bench-close", !closed);
    show("bench-reopen", closed);
    this.#drawPeople(room, may);
  }

  /**
   * @param {Room} room
   * @param {Set<string>} may
   */
  #drawPeople(room, may) {
    const list = element("bench-people");
    const active = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.key : undefined;
    const template = /** @type {HTMLTemplateElement} */ (element("bench-person"));
    list.replaceChildren(...room.people.map((one) => this.#person(template, one, room, may)));
    if (active) /** @type {HTMLElement | null} */ (list.querySelector(`[data-key="${CSS.escape(active)}"]`))?.focus();
  }

  /**
   * @param {HTMLTemplateElement} template
   * @param {Present} one
   * @param {Room} room
   * @param {Set<string>} may
   */
  #person(template, one, room, may) {
    const line = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
    /** @param {string} selector @param {string} text */
    const write = (selector, text) => {
      const place = line.querySelector(selector);
      if (place) place.textContent = text;
    };
    write("bdi", one.name);
    write(".chip", this.#words.role(one.role));
    write(".bench-where", this.#where(one));
    const acts = line.querySelector(".bench-acts");
    for (const [wish, text] of this.#acts(one, room, may)) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button secondary compact";
      button.textContent = text;
      button.dataset.key = `${wish.act}-${wish.person_ids.join("-")}`;
      button.setAttribute("aria-label", `${text}: ${one.name}`);
      button.onclick = () => this.#act(wish);
      acts?.append(button);
    }
    return line;
  }

  /** @param {Present} one */
  #where({ station, role }) {
    if (station === null) return this.#words.say("at_none");
    if (station === role) return this.#words.say("at_room");
    return this.#words.say(`at_${station.startsWith("aside_") ? "aside" : station}`);
  }

  /**
   * What can be done about somebody now.
   *
   * @param {Present} one
   * @param {Room} room
   * @param {Set<string>} may
   * @returns {[{act: string, person_ids: string[]}, string][]}
   */
  #acts(one, room, may) {
    if (one.station === null) return [];
    /** @type {[{act: string, person_ids: string[]}, string][]} */
    const found = [];
    /** @param {string} act @param {string[]} ids @param {string} text */
    const offer = (act, ids, text) => {
      if (may.has(act)) found.push([{ act, person_ids: ids }, text]);
    };
    const inside = one.station === one.role;
    if (PRIVATE.test(one.station)) offer("return", [one.id], this.#words.say("do_return"));
    if (LEADERS.has(one.role)) return found;
    if (!inside && !PRIVATE.test(one.station)) offer("admit", [one.id], this.#words.say("do_admit"));
    if (inside && one.role !== "observer") offer("send_out", [one.id], this.#words.say("do_send_out"));
    if (inside && one.site === "prison" && one.role === "party") {
      offer("chamber", [one.id], this.#words.say("do_chamber"));
    }
    for (const client of room.people.filter((other) => one.clients.includes(other.id))) {
      if (client.station && !PRIVATE.test(one.station)) {
        offer("aside", [one.id, client.id], this.#words.say("do_aside", { name: client.name }));
      }
    }
    offer("release", [one.id], this.#words.say("do_release"));
    return found;
  }
}
