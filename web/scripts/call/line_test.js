/** Tries a browser's line: what its camera sends, a second connection brings back. */

import { CallConnection } from "./connection.js";
import { openDevices, release } from "./devices.js";
import { EntryRefused, postForTicket } from "./entry.js";
import { element, readIsland, show, Words } from "./island.js";
import { Meter } from "./meter.js";

/** @typedef {import("./statistics.js").Figures} Figures */

const island = /** @type {import("./island.js").Island & {room: string}} */ (readIsland());
const words = new Words(island);
const number = new Intl.NumberFormat(island.locale, { maximumFractionDigits: 1 });
const MINUTES = 10;

/** A test that runs: two connections and two meters. */
class LineTest {
  /** @type {CallConnection[]} */
  #calls = [];
  /** @type {Meter[]} */
  #meters = [];
  /** @type {MediaStream | null} */
  #stream = null;
  /** @type {MediaStream | null} */
  #back = null;

  async start() {
    const found = await openDevices();
    this.#stream = found.stream;
    const missing = found.microphone || found.camera;
    if (missing) {
      say(words.say(missing));
      if (!found.stream.getTracks().length) return false;
    }
    video("line-mine").srcObject = found.stream;
    show("line-figures", true);
    if (found.stream.getAudioTracks().length) this.#meter(found.stream, "line-loudness");
    const presenter = await this.#join("presenter", found.stream);
    presenter.addEventListener("stats", (event) => tell("line-sent", rate(figures(event).sent_bps)));
    const viewer = await this.#join("viewer", new MediaStream());
    viewer.addEventListener("slots", () => this.#show(viewer));
    viewer.addEventListener("stats", (event) => showFigures(figures(event)));
    this.#show(viewer);
    return true;
  }

  /**
   * @param {"presenter" | "viewer"} role
   * @param {MediaStream} stream
   */
  async #join(role, stream) {
    const ask = () => postForTicket(island, "/api/v1/line-tests/tickets", {
      room: island.room, as: role, minutes: MINUTES, people: 4,
    });
    const call = new CallConnection({ ...(await ask()), stream, pairs: 1, renew: ask });
    this.#calls.push(call);
    call.addEventListener("reconnecting", () => state("again"));
    call.addEventListener("connected", () => state("running"));
    call.addEventListener("closed", () => this.stop());
    await call.join();
    return call;
  }

  /** @param {CallConnection} viewer */
  #show(viewer) {
    const [back] = viewer.streams.values();
    if (!back || back === this.#back) return;
    this.#back = back;
    video("line-back").srcObject = back;
    if (back.getAudioTracks().length) this.#meter(back, "line-heard");
  }

  /**
   * @param {MediaStream} stream
   * @param {string} id
   */
  #meter(stream, id) {
    const bar = /** @type {HTMLProgressElement} */ (element(id));
    this.#meters.push(new Meter(stream, (level) => (bar.value = Math.round(level * 100))));
  }

  stop() {
    const calls = this.#calls;
    this.#calls = [];
    for (const call of calls) call.leave();
    for (const meter of this.#meters.splice(0)) meter.stop();
    release(this.#stream);
    this.#stream = this.#back = null;
    video("line-mine").srcObject = video("line-back").srcObject = null;
    if (calls.length) state("over");
    show("line-stop", false);
    show("line-start", true);
  }
}

/** @param {Event} event @returns {Figures} */
function figures(event) {
  return /** @type {CustomEvent} */ (event).detail;
}

/** @param {Figures} seen */
function showFigures(seen) {
  tell("line-received", rate(seen.received_bps));
  tell("line-rtt", milliseconds(seen.rtt_ms));
  tell("line-loss", seen.loss_ratio === null ? "—" : `${number.format(seen.loss_ratio * 100)} %`);
  tell("line-jitter", milliseconds(seen.jitter_ms));
}

/** @param {number | null} bps */
function rate(bps) {
  return bps === null ? "—" : words.say("line_rate", { kbps: number.format(bps / 1000) });
}

/** @param {number | null} ms */
function milliseconds(ms) {
  return ms === null ? "—" : words.say("line_ms", { ms: number.format(ms) });
}

/** @param {string} id @param {string} text */
function tell(id, text) {
  element(id).textContent = text;
}

/** @param {string} text */
function say(text) {
  tell("line-state", text);
}

/** @param {"starting" | "running" | "again" | "over"} name */
function state(name) {
  say(element("line-state").dataset[name] ?? "");
}

/** @param {string} id */
function video(id) {
  return /** @type {HTMLVideoElement} */ (element(id));
}

let running = new LineTest();
element("line-start").addEventListener("click", async () => {
  show("line-start", false);
  show("line-stop", true);
  state("starting");
  running = new LineTest();
  try {
    if (!(await running.start())) running.stop();
  } catch (error) {
    running.stop();
    if (!(error instanceof EntryRefused)) throw error;
    say(error.message);
  }
});
element("line-stop").addEventListener("click", () => running.stop());
