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
 * - `problem`       {Problem & {about: string}}  something we asked for was refused; the call goes on
 * - `stats`         {Figures}            every five seconds
 * - `displaced`     {}                   the same person joined elsewhere; this is over
 * - `closed`        {reason: string, detail: string, problem: Problem | null}  the last event
 *
 * @typedef {{id: string, name: string, role: string, label: string, muted: boolean, camera: boolean,
 *   silenced: boolean, screen: boolean, speaking: boolean, connected: boolean}} Person
 * @typedef {{state: "waiting" | "live" | "paused" | "closed", starts_at: string, ends_at: string,
 *   reason: string, revision: number}} State
 * @typedef {{type: string, title: string, detail: string, code: string}} Problem
 * @typedef {{you: Person, call: {id: string, kind: string}, state: State, people: Person[],
 *   verbs: string[]}} Joined
 * @typedef {import("./statistics.js").Figures} Figures
 * @typedef {{url: string, ticket: string}} Entry
 */

import { hears } from "./hears.js";
import { withSoundAgain } from "./offer.js";
import { Outgoing } from "./outgoing.js";
import { Statistics } from "./statistics.js";
import { Streams } from "./streams.js";
import { Wire } from "./wire.js";

const MEDIA_LOST_MS = 1500;
const STATS_EVERY_MS = 5000;
/** Share of packets lost from which on a silent socket may be a slow one. */
const LOSSY = 0.01;
const BACK_OFF_MS = [0, 300, 700, 1500, 3000, 5000];

/** Fatal errors after which trying again makes sense: we were too slow, not unwelcome. */
const PASSING = new Set(["join-first", "too-many-messages", "too-many-entries"]);
const STALE = new Set(["ticket-expired", "ticket-misdirected", "ticket-spent"]);
const SPENT = { type: "/problems/ticket-spent", title: "", detail: "", code: "ticket-spent" };

/** The network's own events, where the browser tells them. @returns {EventTarget | undefined} */
function network() {
  return /** @type {Navigator & {connection?: EventTarget}} */ (navigator).connection;
}

/** One person's part in a call. */
export class CallConnection extends EventTarget {
  #url;
  /** @type {string | null} a ticket opens the door once; null from the moment it was shown */
  #ticket;
  #pairs;
  #renew;
  /** @type {string | null} */
  #resume = null;
  /** @type {Wire | null} */
  #wire = null;
  /** @type {RTCPeerConnection | null} */
  #peer = null;
  /** @type {State | null} */
  #state = null;
  #streams = new Streams();
  #outgoing;
  #statistics = new Statistics();
  #lossy = false;
  #clockOffsetMs = 0;
  #attempt = 0;
  /** @type {any[] | null} what came while the browser still read the answer */
  #early = null;
  #pictures = true;
  /** @type {Record<string, [number, number]>} */
  #tiles = {};
  #over = false;
  /** @type {number | undefined} */
  #retry;
  /** @type {number | undefined} */
  #mediaTimer;
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
   * @param {() => Promise<Entry | null>} [wish.renew] gets a new ticket, where ours is used up or
   *   too old, or its worker is gone; null where there is none to be had just now. What it throws
   *   ends the call: `code` and `message` say why
   */
  constructor({ url, ticket, stream, pairs = 3, muted = false, camera = true, renew }) {
    super();
    this.#url = url;
    this.#ticket = ticket;
    this.#pairs = pairs;
    this.#renew = renew;
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
    if (this.#wire) this.#lost("network");
  };

  /** Open a socket and join with what we have; a failure leads to the next attempt. */
  async #connect() {
    if (!this.#resume && !this.#ticket) {
      await this.#renewTicket(SPENT);
      return;
    }
    const peer = (this.#peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" }));
    const sources = this.#outgoing.addTo(peer, this.#pairs);
    peer.ontrack = (event) => peer === this.#peer && this.#streams.add(event);
    peer.onconnectionstatechange = () => peer === this.#peer && this.#onMediaState(peer);
    const offer = await peer.createOffer();
    if (this.#over || peer !== this.#peer) return;
    const token = this.#resume ? { resume: this.#resume } : { ticket: this.#ticket };
    const { muted, cameraOn } = this.#outgoing;
    const sdp = withSoundAgain(offer.sdp ?? "");
    const join = { type: "join", ...token, sdp, sources, muted, camera: cameraOn };
    this.#wire = new Wire(this.#url, {
      onOpen: () => {
        this.#ticket = null;
        this.#say(join);
      },
      onMessage: (message) => this.#heed(peer, offer, message),
      onLost: (why) => this.#lost(why),
      lossy: () => this.#lossy && hears(peer),
    });
  }

  /** @param {RTCPeerConnection} peer */
  #onMediaState(peer) {
    window.clearTimeout(this.#mediaTimer);
    if (peer.connectionState === "connected") {
      this.#attempt = 0;
      this.#emit("connected", {});
    } else if (peer.connectionState === "disconnected") {
      this.#mediaTimer = window.setTimeout(() => this.#lost("media"), MEDIA_LOST_MS);
    } else if (peer.connectionState === "failed") {
      this.#lost("media");
    }
  }

  /**
   * @param {RTCPeerConnection} peer
   * @param {RTCSessionDescriptionInit} offer
   * @param {any} message
   */
  #heed(peer, offer, message) {
    if (message.type === "joined") {
      this.#early = [];
      this.#onJoined(peer, offer, message);
    } else if (this.#early) {
      this.#early.push(message);
    } else {
      this.#obey(message);
    }
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
        this.#resume = message.resume;
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

  /**
   * @param {RTCPeerConnection} peer
   * @param {RTCSessionDescriptionInit} offer
   * @param {any} message
   */
  async #onJoined(peer, offer, message) {
    this.#resume = message.resume;
    if (message.ice_servers.length) {
      peer.setConfiguration({ bundlePolicy: "max-bundle", iceServers: message.ice_servers });
    }
    try {
      await peer.setLocalDescription(offer);
      await peer.setRemoteDescription({ type: "answer", sdp: message.sdp });
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      if (peer === this.#peer) this.#lost("media");
      return;
    }
    if (peer !== this.#peer) return;
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
    const early = this.#early ?? [];
    this.#early = null;
    for (const later of early) this.#obey(later);
    this.#statsTimer = window.setInterval(() => this.#reportStats(peer), STATS_EVERY_MS);
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
    else if (STALE.has(problem.code)) this.#renewTicket(problem);
    else if (PASSING.has(problem.code)) this.#lost(problem.code);
    else this.#finish("refused", problem.code, problem);
  }

  /** @param {Problem} problem what to say where nobody can get us a new ticket */
  async #renewTicket(problem) {
    this.#hangUp();
    if (!this.#renew) {
      this.#finish("refused", problem.code, problem);
      return;
    }
    let fresh;
    try {
      fresh = await this.#renew();
    } catch (error) {
      const { code = problem.code, message } = /** @type {Error & {code?: string}} */ (error);
      this.#finish("refused", code, { ...problem, code, title: message });
      return;
    }
    if (fresh) {
      ({ url: this.#url, ticket: this.#ticket } = fresh);
      this.#resume = null;
    }
    this.#lost("ticket");
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
    this.#hangUp();
    const pause = BACK_OFF_MS[Math.min(this.#attempt, BACK_OFF_MS.length - 1)];
    this.#attempt += 1;
    this.#emit("reconnecting", { attempt: this.#attempt, why });
    window.clearTimeout(this.#retry);
    this.#retry = window.setTimeout(() => this.#connect(), pause);
  }

  #hangUp() {
    window.clearInterval(this.#statsTimer);
    window.clearTimeout(this.#mediaTimer);
    this.#early = null;
    this.#streams.forgetTracks();
    this.#wire?.close();
    this.#peer?.close();
    this.#wire = this.#peer = null;
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

  /** @param {RTCPeerConnection} peer */
  async #reportStats(peer) {
    const figures = this.#statistics.read(await peer.getStats());
    if (peer !== this.#peer) return;
    this.#lossy = (figures.loss_ratio ?? 0) >= LOSSY;
    const { frozen_now_ms: _, ...told } = figures;
    this.#say({ type: "stats", ...told });
    this.#emit("stats", figures);
  }

  /** @param {Record<string, unknown>} message */
  #say(message) {
    this.#wire?.say(message);
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
