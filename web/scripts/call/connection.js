/**
 * A call, as docs/signalling.md describes it: one WebSocket, one peer connection, no user interface.
 *
 * ```js
 * const call = new CallConnection({ url, ticket, stream, pairs: 3 });
 * call.addEventListener("people", (event) => show(event.detail.people));
 * await call.join();
 * ```
 *
 * Events (each a CustomEvent, its facts in `detail`):
 * - `joined`        {Joined}             we are in; again after each rejoin
 * - `state`         {State}              waiting, live, paused or closed; `remaining()` counts down
 * - `people`        {people: Person[]}   who else is in the call
 * - `slots`         {streams, screens: Map<string, MediaStream>, withheld: Map<string, string>}  by
 *                   person: what we receive of them, the screen they share, why there is no picture
 * - `speaking`      {ids: string[]}      who speaks
 * - `quality`       {audioOnly: boolean, reason: string, targetBps: number}
 * - `recording`     {on: boolean, failing: boolean}  whether the call is recorded, and whether that goes wrong
 * - `connected`     {}                   sound and pictures flow (again)
 * - `reconnecting`  {attempt: number, why: string}
 * - `help`          {person: string, text: string}
 * - `silenced`      {silenced: boolean}  who may has switched our microphone off, or on again
 * - `station`       {station: string}  where the court has sent us
 * - `problem`       {Problem & {about: string}}  something we asked for was refused; the call goes on
 * - `stats`         {Figures}            every five seconds
 * - `displaced`     {}                   the same person joined elsewhere; this is over
 * - `closed`        {reason: string, detail: string, problem: Problem | null}  the last event
 *
 * @typedef {{id: string, name: string, role: string, label: string, muted: boolean, camera: boolean,
 *   station: string, silenced: boolean, screen: boolean, speaking: boolean, connected: boolean}} Person
 * @typedef {{state: "waiting" | "live" | "paused" | "closed", starts_at: string, ends_at: string,
 *   reason: string, revision: number}} State
 * @typedef {{type: string, title: string, detail: string, code: string}} Problem
 * @typedef {{you: Person, call: {id: string, kind: string}, state: State, people: Person[],
 *   verbs: string[]}} Joined
 * @typedef {import("./statistics.js").Figures} Figures
 * @typedef {{url: string, ticket: string}} Entry
 */

import { Attempt } from "./attempt.js";
import { Comeback } from "./comeback.js";
import { Outgoing } from "./outgoing.js";
import { Statistics } from "./statistics.js";
import { Streams } from "./streams.js";

const STATS_EVERY_MS = 5000;
/** Share of packets lost from which on a silent socket may be a slow one. */
const LOSSY = 0.01;

/** Fatal errors after which trying again makes sense: we were too slow, not unwelcome. */
const PASSING = new Set(["join-first", "too-many-messages", "too-many-entries"]);
const STALE = new Set(["ticket-expired", "ticket-misdirected", "ticket-spent", "call-elsewhere"]);
const SPENT = { type: "/problems/ticket-spent", title: "", detail: "", code: "ticket-spent" };

/** The network's own events, where the browser tells them. @returns {EventTarget | undefined} */
function network() {
  return /** @type {Navigator & {connection?: EventTarget}} */ (navigator).connection;
}

/** One person's part in a call. */
export class CallConnection extends EventTarget {
  #comeback;
  #pairs;
  /** @type {Attempt | null} */
  #attempt = null;
  /** @type {State | null} */
  #state = null;
  #streams = new Streams();
  #outgoing;
  #statistics = new Statistics();
  #lossy = false;
  #clockOffsetMs = 0;
  #pictures = true;
  /** @type {Record<string, [number, number]>} */
  #tiles = {};
  #over = false;
  /** @type {number | undefined} */
  #retry;
  /** @type {number | undefined} */
  #statsTimer;

  /**
   * @param {object} wish
   * @param {string} wish.url the worker's WebSocket, as it came with the ticket
   * @param {string} wish.ticket
   * @param {MediaStream} wish.stream what we send; may have no tracks
   * @param {number} [wish.pairs] how many others to see at once
   * @param {boolean} [wish.muted] join with the microphone off
   * @param {boolean} [wish.camera] join with the camera on
   * @param {import("./comeback.js").Renew} [wish.renew] gets a new ticket, where ours is used up or
   *   its worker is gone
   */
  constructor({ url, ticket, stream, pairs = 3, muted = false, camera = true, renew }) {
    super();
    this.#comeback = new Comeback({ url, ticket }, renew);
    this.#pairs = pairs;
    this.#outgoing = new Outgoing(stream, muted, camera);
  }

  /**
   * Enter the call. Resolves when we are in; later losses are mended without a word from you.
   *
   * @returns {Promise<void>}
   */
  async join() {
    addEventListener("online", this.#onNetworkChange);
    network()?.addEventListener("change", this.#onNetworkChange);
    const joined = new Promise((resolve, reject) => {
      this.addEventListener("joined", () => resolve(undefined), { once: true });
      this.addEventListener("closed", (event) => reject(new CallOver(event)), { once: true });
    });
    this.#connect();
    await joined;
  }

  /** Go, and come back no more. */
  leave() {
    this.#say({ type: "leave" });
    this.#finish("left", "", null);
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.#outgoing.muted = muted;
    this.#outgoing.apply();
    this.#say({ type: "mute", muted });
  }

  /** @param {boolean} on */
  camera(on) {
    this.#outgoing.cameraOn = on;
    this.#outgoing.apply();
    this.#say({ type: "camera", on });
  }

  /**
   * Switch somebody's microphone off or on, if we may.
   *
   * @param {string} person
   * @param {boolean} muted
   */
  silence(person, muted) {
    this.#say({ type: "mute", person, muted });
  }

  /** Receive pictures, or sound only. @param {boolean} pictures */
  receivePictures(pictures) {
    this.#pictures = pictures;
    this.#say({ type: "receive", video: pictures });
  }

  /**
   * Say how large we show whom, in device pixels; nothing larger needs to come.
   *
   * @param {Record<string, [number, number]>} sizes width and height by person
   */
  view(sizes) {
    this.#tiles = sizes;
    this.#say({ type: "view", sizes });
  }

  /** Share a screen beside the camera, or stop. @param {MediaStreamTrack | null} track */
  async share(track) {
    await this.#outgoing.share(track);
    this.#say({ type: "screen", on: this.#outgoing.sharing });
  }

  /** Send another camera or microphone from now on. @param {MediaStream} stream */
  async replaceStream(stream) {
    await this.#outgoing.replace(stream);
  }

  /** @param {string[]} people ids of whom to see first */
  pin(people) {
    this.#say({ type: "pin", people });
  }

  /** @param {string} [text] */
  help(text = "") {
    this.#say({ type: "help", text });
  }

  /** @param {string} reason */
  pause(reason) {
    this.#say({ type: "pause", reason });
  }

  /** Go on after a pause. */
  resume() {
    this.#say({ type: "resume" });
  }

  /** @param {string} reason */
  end(reason) {
    this.#say({ type: "end", reason });
  }

  /** Have the call recorded; everybody is told. @param {string} reason */
  record(reason) {
    this.#say({ type: "record", reason });
  }

  /** Record no longer. */
  stopRecording() {
    this.#say({ type: "stop_recording" });
  }

  /** @param {number} minutes */
  extend(minutes) {
    this.#say({ type: "extend", minutes });
  }

  /** The call's state, null before we are in. */
  get state() {
    return this.#state;
  }

  /** What we receive and what we do not, by person. */
  get shown() {
    const { byPerson: streams, screens, withheld } = this.#streams;
    return { streams, screens, withheld };
  }

  /** The streams we receive, by person. */
  get streams() {
    return this.#streams.byPerson;
  }

  /**
   * Milliseconds until the call ends, by the server's clock; null before we are in.
   *
   * @returns {number | null}
   */
  remaining() {
    if (!this.#state) return null;
    return Date.parse(this.#state.ends_at) - (Date.now() + this.#clockOffsetMs);
  }

  #onNetworkChange = () => {
    if (this.#over) return;
    if (this.#attempt?.joined) this.#lost("network");
    else if (this.#retry !== undefined) this.#again(0);
  };

  /** Try to be in the call, with a new ticket first where we need one. */
  async #connect() {
    this.#retry = undefined;
    if (this.#comeback.stale && !(await this.#renewTicket())) return;
    const attempt = (this.#attempt = new Attempt({
      onJoined: (joined) => this.#onJoined(joined),
      onMessage: (message) => this.#obey(message),
      onMedia: () => this.#onMedia(),
      onLost: (why) => this.#lost(why),
      onTrack: (event) => this.#streams.add(event),
      lossy: () => this.#lossy,
    }));
    const { url, within } = this.#comeback;
    await attempt.start(url, this.#outgoing, this.#pairs, () => this.#comeback.show(), within);
  }

  #onMedia() {
    this.#comeback.tries = 0;
    this.#emit("connected", {});
  }

  /** @param {any} message */
  #obey(message) {
    switch (message.type) {
      case "slots":
        this.#onSlots(message.slots);
        break;
      case "state":
        this.#onState(message);
        break;
      case "people":
      case "silenced":
      case "station":
      case "help":
        this.#emit(message.type, message);
        break;
      case "recording":
        this.#emit("recording", { on: message.on, failing: message.failing });
        break;
      case "speaking":
        this.#emit("speaking", { ids: message.speaking });
        break;
      case "quality":
        this.#emit("quality", {
          audioOnly: message.audio_only,
          reason: message.reason,
          targetBps: message.target_bps,
        });
        break;
      case "resume":
        this.#comeback.resume = message.resume;
        break;
      case "error":
        this.#onError(message);
        break;
      case "closed":
        this.#onClosed(message);
        break;
      default: // a newer server may say more than we know
    }
  }

  /** @param {any} message */
  #onJoined(message) {
    this.#comeback.arrived(message.resume);
    this.#setClock(message.now);
    this.#state = message.state;
    this.#emit("joined", message);
    this.#emit("people", { people: message.people });
    this.#emit("state", message.state);
    this.#emit("recording", message.recording ?? { on: false, failing: false });
    this.#onSlots(message.slots);
    if (!this.#pictures) this.receivePictures(false);
    if (Object.keys(this.#tiles).length) this.view(this.#tiles);
    if (this.#outgoing.sharing) this.#say({ type: "screen", on: true });
    this.#statsTimer = window.setInterval(() => this.#reportStats(), STATS_EVERY_MS);
  }

  /** @param {{state: State, now: string}} message */
  #onState(message) {
    this.#setClock(message.now);
    this.#state = message.state;
    this.#emit("state", message.state);
  }

  /** @param {string} now */
  #setClock(now) {
    this.#clockOffsetMs = Date.parse(now) - Date.now();
  }

  /** @param {import("./streams.js").Slots} slots */
  #onSlots(slots) {
    this.#streams.seat(slots);
    this.#emit("slots", this.shown);
  }

  /** @param {{problem: Problem, about: string, fatal: boolean}} message */
  #onError({ problem, about, fatal }) {
    if (!fatal) this.#emit("problem", { ...problem, about });
    else if (STALE.has(problem.code) && this.#comeback.renewable) this.#lost("moved");
    else if (PASSING.has(problem.code)) this.#lost(problem.code);
    else this.#finish("refused", problem.code, problem);
  }

  /** Get a new ticket; whether there is a point in going on. */
  async #renewTicket() {
    if (!this.#comeback.renewable) {
      this.#finish("refused", SPENT.code, SPENT);
      return false;
    }
    try {
      await this.#comeback.renew();
    } catch (error) {
      const { code = SPENT.code, message } = /** @type {Error & {code?: string}} */ (error);
      this.#finish("refused", code, { ...SPENT, code, title: message });
      return false;
    }
    if (this.#over) return false;
    if (!this.#comeback.stale) return true;
    this.#lost("ticket");
    return false;
  }

  /** @param {{reason: string, detail: string, rejoin: boolean}} message */
  #onClosed({ reason, detail, rejoin }) {
    if (rejoin) {
      this.#lost(reason);
      return;
    }
    if (reason === "displaced") this.#emit("displaced", {});
    this.#finish(reason, detail, null);
  }

  /** Let go of this connection and make another. @param {string} why */
  #lost(why) {
    if (this.#over) return;
    const pause = this.#comeback.after(why, this.#attempt?.joined ?? false);
    this.#hangUp();
    this.#emit("reconnecting", { attempt: this.#comeback.tries, why });
    this.#again(pause);
  }

  /** @param {number} pause milliseconds */
  #again(pause) {
    window.clearTimeout(this.#retry);
    this.#retry = window.setTimeout(() => this.#connect(), pause);
  }

  #hangUp() {
    window.clearInterval(this.#statsTimer);
    this.#streams.forgetTracks();
    this.#attempt?.close();
    this.#attempt = null;
  }

  /**
   * @param {string} reason
   * @param {string} detail
   * @param {Problem | null} problem
   */
  #finish(reason, detail, problem) {
    if (this.#over) return;
    this.#over = true;
    removeEventListener("online", this.#onNetworkChange);
    network()?.removeEventListener("change", this.#onNetworkChange);
    window.clearTimeout(this.#retry);
    this.#hangUp();
    this.#streams.clear();
    this.#emit("closed", { reason, detail, problem });
  }

  async #reportStats() {
    const attempt = this.#attempt;
    const found = await attempt?.statistics();
    if (!found || attempt !== this.#attempt) return;
    const figures = this.#statistics.read(found);
    this.#lossy = (figures.loss_ratio ?? 0) >= LOSSY;
    const { frozen_now_ms: _, ...told } = figures;
    this.#say({ type: "stats", ...told });
    this.#emit("stats", figures);
  }

  /** @param {Record<string, unknown>} message */
  #say(message) {
    this.#attempt?.say(message);
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   */
  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** The call ended before we were in; `detail` is that of the `closed` event. */
export class CallOver extends Error {
  /** @param {Event} event */
  constructor(event) {
    const { detail } = /** @type {CustomEvent} */ (event);
    super(detail.detail || detail.reason);
    this.detail = detail;
  }
}
