/**
 * A call, as docs/signalling.md describes it: one WebSocket, one peer connection, no user interface.
 *
 * ```js
 * const call = new CallConnection({ url, ticket, stream, pairs: 3 });
 * call.addEventListener('people', (event) => show(event.detail.people));
 * await call.join();
 * ```
 *
 * Events (each a CustomEvent, its facts in `detail`):
 * - `joined`        {Joined}             we are in; again after each rejoin
 * - `state`         {State}              waiting, live, paused or closed; `remaining()` counts down
 * - `people`        {people: Person[]}   who else is in the call
 * - `slots`         {streams: Map<string, MediaStream>}  the stream of each person we receive
 * - `speaking`      {ids: string[]}      who speaks
 * - `quality`       {audioOnly: boolean, reason: string, targetBps: number}
 * - `connected`     {}                   sound and pictures flow (again)
 * - `reconnecting`  {attempt: number, why: string}
 * - `help`          {person: string, text: string}
 * - `problem`       {Problem, about: string}  something we asked for was refused; the call goes on
 * - `stats`         {Figures}            every five seconds
 * - `displaced`     {}                   the same person joined elsewhere; this is over
 * - `closed`        {reason: string, detail: string, problem: Problem | null}  the last event
 *
 * @typedef {{id: string, name: string, role: string, label: string, muted: boolean, camera: boolean,
 *   screen: boolean, speaking: boolean, connected: boolean}} Person
 * @typedef {{state: 'waiting' | 'live' | 'paused' | 'closed', starts_at: string, ends_at: string,
 *   reason: string, revision: number}} State
 * @typedef {{type: string, title: string, detail: string, code: string}} Problem
 * @typedef {Record<string, {person: string, source: string} | null>} Slots
 * @typedef {{you: Person, call: {id: string, kind: string}, state: State, people: Person[],
 *   verbs: string[]}} Joined
 * @typedef {{rtt_ms: number | null, loss_ratio: number | null, jitter_ms: number | null,
 *   received_bps: number | null, sent_bps: number | null, frames_decoded: number | null}} Figures
 */

import { Statistics } from "./statistics.js";

const PING_EVERY_MS = 1000;
const DEAD_AFTER_MS = 2500;
const JOIN_WITHIN_MS = 6000;
const MEDIA_LOST_MS = 1500;
const STATS_EVERY_MS = 5000;
const BACK_OFF_MS = [0, 300, 700, 1500, 3000, 5000];
/** After so many failures the worker may be gone: ask for a ticket to another. */
const RENEW_AFTER = 4;
/** Fatal errors after which trying again makes sense: we were too slow, not unwelcome. */
const PASSING = new Set(["join-first", "too-many-messages"]);

/** The network's own events, where the browser tells them. @returns {EventTarget | undefined} */
function network() {
  return /** @type {Navigator & {connection?: EventTarget}} */ (navigator).connection;
}

/** One person's part in a call. */
export class CallConnection extends EventTarget {
  /** @type {string} */
  #url;
  /** @type {string | null} */
  #ticket;
  /** @type {(() => Promise<{url: string, ticket: string} | null>) | null} */
  #renew;
  /** @type {string | null} */
  #resume = null;
  /** @type {MediaStream} */
  #stream;
  /** @type {number} */
  #pairs;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {RTCPeerConnection | null} */
  #peer = null;
  /** @type {RTCRtpSender | null} */
  #screenSender = null;
  /** @type {Map<string, MediaStreamTrack>} tracks by mid */
  #tracks = new Map();
  /** @type {Map<string, MediaStream>} streams by person */
  #streams = new Map();
  /** @type {Slots} */
  #slots = {};
  /** @type {State | null} */
  #state = null;
  #clockOffsetMs = 0;
  #heardAt = 0;
  #mediaLostAt = 0;
  #attempt = 0;
  #muted = false;
  #camera = true;
  #pictures = true;
  #sharing = false;
  #over = false;
  /** @type {Set<number>} */
  #timers = new Set();
  /** @type {number | undefined} */
  #retry;
  #statistics = new Statistics();

  /**
   * @param {object} wish
   * @param {string} wish.url the worker's WebSocket, as it came with the ticket
   * @param {string} wish.ticket
   * @param {MediaStream} wish.stream what we send; may have no tracks
   * @param {number} [wish.pairs] how many others to see at once
   * @param {boolean} [wish.muted] join with the microphone off
   * @param {boolean} [wish.camera] join with the camera on
   * @param {() => Promise<{url: string, ticket: string} | null>} [wish.renew] gets a new ticket,
   *   where the worker that issued the resume token is gone; null: not now, try again later
   */
  constructor({ url, ticket, stream, pairs = 3, muted = false, camera = true, renew }) {
    super();
    this.#url = url;
    this.#ticket = ticket;
    this.#stream = stream;
    this.#pairs = pairs;
    this.#muted = muted;
    this.#camera = camera;
    this.#renew = renew ?? null;
  }

  /**
   * Enter the call. Resolves when we are in; later losses are mended without a word from you.
   *
   * @returns {Promise<void>}
   */
  async join() {
    addEventListener("online", this.#onNetworkChange);
    network()?.addEventListener("change", this.#onNetworkChange);
    this.#applyTracks();
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
    this.#muted = muted;
    this.#applyTracks();
    this.#say({ type: "mute", muted });
  }

  /** @param {boolean} on */
  camera(on) {
    this.#camera = on;
    this.#applyTracks();
    this.#say({ type: "camera", on });
  }

  /**
   * Receive pictures, or sound only.
   *
   * @param {boolean} pictures
   */
  receivePictures(pictures) {
    this.#pictures = pictures;
    this.#say({ type: "receive", video: pictures });
  }

  /**
   * Share a screen in place of the camera, or stop (null).
   *
   * @param {MediaStreamTrack | null} track
   */
  async share(track) {
    this.#sharing = track !== null;
    await this.#screenSender?.replaceTrack(track);
    this.#say({ type: "screen", on: this.#sharing });
  }

  /**
   * Send another camera or microphone from now on.
   *
   * @param {MediaStream} stream
   */
  async replaceStream(stream) {
    this.#stream = stream;
    this.#applyTracks();
    for (const sender of this.#peer?.getSenders() ?? []) {
      const track = stream.getTracks().find((one) => one.kind === sender.track?.kind);
      if (track && sender !== this.#screenSender) await sender.replaceTrack(track);
    }
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

  /** @param {number} minutes */
  extend(minutes) {
    this.#say({ type: "extend", minutes });
  }

  /** The call's state, null before we are in. */
  get state() {
    return this.#state;
  }

  /** The streams we receive, by person. */
  get streams() {
    return this.#streams;
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
    if (!this.#over && this.#socket) this.#lost("network");
  };

  #applyTracks() {
    for (const track of this.#stream.getAudioTracks()) track.enabled = !this.#muted;
    for (const track of this.#stream.getVideoTracks()) track.enabled = this.#camera;
  }

  /** Open a socket and join with what we have; a failure leads to the next attempt. */
  async #connect() {
    const peer = (this.#peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" }));
    const sources = this.#addLines(peer);
    peer.ontrack = ({ track, transceiver }) => {
      if (transceiver.mid) this.#tracks.set(transceiver.mid, track);
    };
    peer.onconnectionstatechange = () => this.#onMediaState(peer);
    const offer = await peer.createOffer();
    if (this.#over || peer !== this.#peer) return;
    const socket = (this.#socket = new WebSocket(this.#url));
    const token = this.#resume ? { resume: this.#resume } : { ticket: this.#ticket };
    socket.onopen = () =>
      this.#say({
        type: "join", ...token, sdp: offer.sdp, sources, muted: this.#muted, camera: this.#camera,
      });
    socket.onmessage = ({ data }) => this.#heed(peer, offer, JSON.parse(data));
    socket.onclose = () => socket === this.#socket && this.#lost("socket");
    this.#heardAt = performance.now() + JOIN_WITHIN_MS - DEAD_AFTER_MS;
    this.#every(PING_EVERY_MS / 2, () => this.#watch(socket));
  }

  /**
   * Our microphone, camera and screen, then pairs of slots.
   *
   * @param {RTCPeerConnection} peer
   * @returns {Record<string, string>} which m-line sends what
   */
  #addLines(peer) {
    /** @type {Record<string, string>} */
    const sources = {};
    let mid = 0;
    const [sound] = this.#stream.getAudioTracks();
    const [picture] = this.#stream.getVideoTracks();
    if (sound) {
      peer.addTransceiver(sound, { direction: "sendonly", streams: [this.#stream] });
      sources[String(mid++)] = "microphone";
    }
    if (picture) {
      peer.addTransceiver(picture, { direction: "sendonly", streams: [this.#stream] });
      sources[String(mid++)] = "camera";
      this.#screenSender = peer.addTransceiver("video", { direction: "sendonly" }).sender;
      sources[String(mid++)] = "screen";
    }
    for (let pair = 0; pair < this.#pairs; pair += 1) {
      peer.addTransceiver("audio", { direction: "recvonly" });
      peer.addTransceiver("video", { direction: "recvonly" });
    }
    return sources;
  }

  /** @param {WebSocket} socket */
  #watch(socket) {
    if (socket !== this.#socket) return;
    const now = performance.now();
    if (now - this.#heardAt > DEAD_AFTER_MS) this.#lost("silence");
    else if (this.#mediaLostAt && now - this.#mediaLostAt > MEDIA_LOST_MS) this.#lost("media");
    else if (this.#state) this.#say({ type: "ping" });
  }

  /** @param {RTCPeerConnection} peer */
  #onMediaState(peer) {
    if (peer !== this.#peer) return;
    const state = peer.connectionState;
    if (state === "connected") {
      this.#mediaLostAt = 0;
      this.#attempt = 0;
      this.#emit("connected", {});
    } else if (state === "disconnected") {
      this.#mediaLostAt = performance.now();
    } else if (state === "failed") {
      this.#lost("media");
    }
  }

  /**
   * @param {RTCPeerConnection} peer
   * @param {RTCSessionDescriptionInit} offer
   * @param {any} message
   */
  #heed(peer, offer, message) {
    if (peer !== this.#peer) return;
    this.#heardAt = performance.now();
    switch (message.type) {
      case "joined":
        this.#onJoined(peer, offer, message);
        break;
      case "slots":
        this.#onSlots(message.slots);
        break;
      case "people":
        this.#emit("people", { people: message.people });
        break;
      case "state":
        this.#onState(message);
        break;
      case "speaking":
        this.#emit("speaking", { ids: message.speaking });
        break;
      case "quality":
        this.#emit("quality", {
          audioOnly: message.audio_only, reason: message.reason, targetBps: message.target_bps,
        });
        break;
      case "resume":
        this.#resume = message.resume;
        break;
      case "help":
        this.#emit("help", { person: message.person, text: message.text });
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
    this.#setClock(message.now);
    this.#state = message.state;
    this.#slots = message.slots;
    if (message.ice_servers.length) {
      peer.setConfiguration({ bundlePolicy: "max-bundle", iceServers: message.ice_servers });
    }
    try {
      await peer.setLocalDescription(offer);
      await peer.setRemoteDescription({ type: "answer", sdp: message.sdp });
    } catch (error) {
      if (peer === this.#peer) this.#lost("media");
      else if (!(error instanceof DOMException)) throw error;
      return;
    }
    this.#emit("joined", message);
    this.#emit("people", { people: message.people });
    this.#emit("state", message.state);
    this.#onSlots(this.#slots);
    if (!this.#pictures) this.receivePictures(false);
    if (this.#sharing) this.#say({ type: "screen", on: true });
    this.#every(STATS_EVERY_MS, () => this.#reportStats(peer));
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

  /**
   * Gather each person's tracks in one stream; a stream stays the same object while its tracks do.
   *
   * @param {Slots} slots
   */
  #onSlots(slots) {
    this.#slots = slots;
    /** @type {Map<string, MediaStreamTrack[]>} */
    const wanted = new Map();
    for (const [mid, seat] of Object.entries(slots)) {
      const track = this.#tracks.get(mid);
      if (seat && track) wanted.set(seat.person, [...(wanted.get(seat.person) ?? []), track]);
    }
    for (const person of [...this.#streams.keys()]) {
      if (!wanted.has(person)) this.#streams.delete(person);
    }
    for (const [person, tracks] of wanted) {
      const before = this.#streams.get(person)?.getTracks() ?? [];
      const same = before.length === tracks.length && tracks.every((one) => before.includes(one));
      if (!same) this.#streams.set(person, new MediaStream(tracks));
    }
    this.#emit("slots", { streams: new Map(this.#streams) });
  }

  /** @param {{problem: Problem, about: string, fatal: boolean}} message */
  #onError({ problem, about, fatal }) {
    if (!fatal) {
      this.#emit("problem", { ...problem, about });
      return;
    }
    const stale = problem.code === "ticket-expired" || problem.code === "ticket-misdirected";
    if (stale && this.#renew) this.#renewTicket(this.#renew);
    else if (PASSING.has(problem.code)) this.#lost(problem.code);
    else this.#finish("refused", problem.code, problem);
  }

  /** @param {() => Promise<{url: string, ticket: string} | null>} renew */
  async #renewTicket(renew) {
    this.#hangUp();
    if (await this.#takeNew(renew)) this.#lost("ticket");
  }

  /**
   * @param {() => Promise<{url: string, ticket: string} | null>} renew
   * @returns {Promise<boolean>} false when the call is over for us
   */
  async #takeNew(renew) {
    try {
      const fresh = await renew();
      if (fresh) {
        this.#url = fresh.url;
        this.#ticket = fresh.ticket;
        this.#resume = null;
      }
    } catch (error) {
      this.#finish("refused", String(error), null);
    }
    return !this.#over;
  }

  /** Come back the way we were; where that fails again and again, by a new ticket. */
  async #comeBack() {
    const gone = this.#attempt > RENEW_AFTER;
    if (!gone || !this.#renew || (await this.#takeNew(this.#renew))) this.#connect();
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

  /**
   * Let go of this connection and make another.
   *
   * @param {string} why
   */
  #lost(why) {
    if (this.#over) return;
    this.#hangUp();
    const pause = BACK_OFF_MS[Math.min(this.#attempt, BACK_OFF_MS.length - 1)];
    this.#attempt += 1;
    this.#emit("reconnecting", { attempt: this.#attempt, why });
    window.clearTimeout(this.#retry);
    this.#retry = window.setTimeout(() => this.#comeBack(), pause);
  }

  #hangUp() {
    for (const timer of this.#timers) window.clearInterval(timer);
    this.#timers.clear();
    this.#mediaLostAt = 0;
    this.#tracks.clear();
    const [socket, peer] = [this.#socket, this.#peer];
    this.#socket = this.#peer = this.#screenSender = null;
    socket?.close();
    peer?.close();
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
    this.#say({ type: "stats", ...figures });
    this.#emit("stats", figures);
  }

  /**
   * @param {number} milliseconds
   * @param {() => void} work
   */
  #every(milliseconds, work) {
    this.#timers.add(window.setInterval(work, milliseconds));
  }

  /** @param {Record<string, unknown>} message */
  #say(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
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
    const detail = /** @type {CustomEvent} */ (event).detail;
    super(detail.detail || detail.reason);
    this.detail = detail;
  }
}
