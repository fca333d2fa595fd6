/** A talk on the page: connection, pictures, clock, warnings, tools. */

import { CallConnection } from "./connection.js";
import { endingOf, refusal } from "./ending.js";
import { element, show, warningDue } from "./island.js";
import { canShare, openScreen } from "./screen.js";
import { Stage } from "./stage.js";

/**
 * @typedef {import("./island.js").Island} Island
 * @typedef {import("./island.js").Words} Words
 * @typedef {import("./connection.js").Person} Person
 * @typedef {import("./connection.js").State} State
 * @typedef {import("./ending.js").Ending} Ending
 */

const CLOCK_EVERY_MS = 250;
const NOTICE_MS = 8000;
const WARNING_MS = 20_000;
const FAIR = { rtt: 300, loss: 0.03, frozen: 250 };
const POOR = { rtt: 800, loss: 0.1, frozen: 1500 };

/** Fires `over` (detail: {@link Ending}), `state` (detail: State), `recording` and `verbs` once in. */
export class Talk extends EventTarget {
  #island;
  #words;
  #stream;
  #stage;
  /** @type {CallConnection | null} */
  #call = null;
  /** @type {Person[]} */
  #people = [];
  /** @type {number | undefined} */
  #ticking;
  /** @type {number | undefined} */
  #fading;
  #warned = Infinity;
  #ended = "";
  #wasLive = false;
  #flowed = false;
  /** @type {MediaStreamTrack | null} */
  #screen = null;
  #muted = false;
  #camera = true;
  #station = "";

  /**
   * @param {Island} island
   * @param {Words} words
   * @param {MediaStream} stream what we send
   */
  constructor(island, words, stream) {
    super();
    this.#island = island;
    this.#words = words;
    this.#stream = stream;
    this.#stage = new Stage(words, island.as);
    this.#stage.addEventListener("blocked", () => this.#soundBlocked());
    this.#stage.addEventListener("silence", (event) => {
      const { person, muted } = /** @type {CustomEvent} */ (event).detail;
      this.#call?.silence(person, muted);
    });
    this.#stage.addEventListener("sizes", (event) => this.#call?.view(/** @type {CustomEvent} */ (event).detail));
  }

  /** The connection, for a supervisor's verbs. */
  get call() {
    return this.#call;
  }

  /**
   * Enter with a ticket; resolves when we are in, rejects where we are not let in.
   *
   * @param {{url: string, ticket: string}} entry
   * @param {import("./comeback.js").Renew} renew
   */
  async enter(entry, renew) {
    const call = (this.#call = new CallConnection({ ...entry, stream: this.#stream, pairs: this.#island.pairs, renew }));
    this.#listen(call);
    this.#wire();
    await call.join();
    this.#ticking = window.setInterval(() => this.#tick(), CLOCK_EVERY_MS);
  }

  /** Go. */
  leave() {
    this.#call?.leave();
  }

  /** @param {CallConnection} call */
  #listen(call) {
    /** @type {Record<string, (detail: any) => void>} */
    const heard = {
      joined: ({ you, verbs }) => this.#joined(you, verbs),
      people: ({ people }) => this.#onPeople(people),
      slots: (shown) => this.#stage.showStreams(shown),
      station: ({ station }) => this.#onStation(station),
      silenced: ({ silenced }) => this.#notice(this.#words.say(silenced ? "silenced" : "unsilenced"), silenced),
      speaking: ({ ids }) => this.#stage.showSpeaking(call.state?.state === "paused" ? [] : ids),
      state: (state) => this.#onState(state),
      quality: (quality) => this.#onQuality(quality),
      recording: (recording) => this.#onRecording(recording),
      stats: (figures) => this.#onStats(figures),
      reconnecting: () => {
        this.#flowed = false;
        this.#notice(this.#words.say("reconnecting"), true);
      },
      help: ({ person, text }) => this.#onHelp(person, text),
      problem: (problem) => this.#notice(refusal(this.#words, problem)),
      closed: (closed) => this.#onClosed(closed),
    };
    for (const [name, work] of Object.entries(heard)) {
      call.addEventListener(name, (event) => work(/** @type {CustomEvent} */ (event).detail));
    }
  }

  #wire() {
    this.#press("tool-microphone", (button) => {
      this.#muted = !this.#muted;
      this.#call?.mute(this.#muted);
      button.setAttribute("aria-pressed", String(!this.#muted));
    });
    this.#press("tool-camera", (button) => {
      this.#camera = !this.#camera;
      this.#call?.camera(this.#camera);
      this.#stage.showCamera(this.#camera);
      button.setAttribute("aria-pressed", String(this.#camera));
    });
    show("tool-screen", canShare());
    this.#press("tool-screen", (button) => this.#share(button));
    this.#press("tool-help", () => {
      this.#call?.help();
      this.#notice(this.#words.say("help_called", { number: this.#island.help_number }));
    });
    this.#press("tool-sound", () => {
      this.#stage.playAll();
      show("tool-sound", false);
    });
  }

  /** Share a screen, or stop. @param {HTMLElement} button */
  async #share(button) {
    if (this.#screen) {
      this.#stopSharing(button);
      return;
    }
    const found = await openScreen();
    if (typeof found === "string") {
      this.#notice(this.#words.say(found));
      return;
    }
    this.#screen = found;
    found.onended = () => this.#stopSharing(button); // by the browser's own button
    await this.#call?.share(found);
    button.setAttribute("aria-pressed", "true");
    this.#notice(this.#words.say("screen_shared"));
  }

  /** @param {HTMLElement} button */
  async #stopSharing(button) {
    this.#screen?.stop();
    this.#screen = null;
    button.setAttribute("aria-pressed", "false");
    await this.#call?.share(null);
  }

  /**
   * @param {string} id
   * @param {(button: HTMLElement) => void} work
   */
  #press(id, work) {
    const button = document.getElementById(id);
    if (button) button.onclick = () => work(button);
  }

  /**
   * @param {Person} you
   * @param {string[]} verbs what we may do here
   */
  #joined(you, verbs) {
    this.#stage.maySilence = verbs.includes("mute");
    this.#stage.clear();
    this.#stage.showSelf(this.#stream, you.name);
    show("network", true);
    this.#station = you.station;
    this.dispatchEvent(new Event("in"));
  }

  /** Say where the court has sent us. @param {string} station */
  #onStation(station) {
    this.#station = station;
    const text = this.#words.station(station);
    if (text) this.#notice(text, true);
  }

  /** @param {Person[]} people */
  #onPeople(people) {
    this.#people = people;
    this.dispatchEvent(new Event("people"));
    this.#stage.showPeople(people);
    if (this.#call) this.#stage.showStreams(this.#call.shown);
    if (this.#call?.state?.state === "waiting") this.#waiting(this.#call.state);
  }

  /** @param {State} state */
  #onState(state) {
    element("stage").classList.toggle("held", state.state !== "live");
    switch (state.state) {
      case "waiting":
        this.#waiting(state);
        break;
      case "paused":
        this.#notice(this.#words.say("paused", { reason: state.reason }), true);
        this.#stage.showSpeaking([]);
        break;
      case "live":
        if (this.#ended && this.#ended !== state.ends_at && this.#wasLive) {
          this.#notice(this.#words.say("extended", { time: this.#words.time(state.ends_at) }));
        } else if (!this.#flowed) {
          this.#notice(this.#words.say(this.#wasLive ? "resumed" : "live"));
        }
        this.#wasLive = true;
        if (this.#words.station(this.#station)) this.#onStation(this.#station); // where one waits, that goes first
        break;
      case "closed":
        break;
    }
    this.#flowed = state.state === "live";
    if (this.#ended !== state.ends_at) this.#warned = Infinity;
    this.#ended = state.ends_at;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
    this.#tick();
  }

  /** @param {State} state */
  #waiting(state) {
    const here = new Set([this.#island.as, ...this.#people.map((one) => one.role)]);
    const missing = this.#island.required.filter((role) => !here.has(role));
    const roles = this.#words.lists.format(missing.map((role) => this.#words.role(role)));
    const early = Date.parse(state.starts_at) > this.#now();
    if (missing.length) this.#notice(this.#words.say("waiting_for", { roles }), true);
    else if (early) this.#notice(this.#words.say("starts_at", { time: this.#words.time(state.starts_at) }), true);
    else this.#notice(this.#words.say("waiting"), true);
  }

  /** The server's clock, as near as the countdown knows it. */
  #now() {
    const left = this.#call?.remaining();
    const end = this.#call?.state?.ends_at;
    return left == null || !end ? Date.now() : Date.parse(end) - left;
  }

  #tick() {
    const left = this.#call?.remaining();
    const state = this.#call?.state?.state;
    const runs = left != null && (state === "live" || state === "paused");
    show("clock", runs);
    if (!runs) return;
    element("clock-time").textContent = this.#words.clock(left);
    const due = warningDue(left, this.#island.warn_minutes);
    if (due === null || due >= this.#warned) return;
    this.#warned = due;
    this.#warn(due === 1 ? this.#words.say("one_minute_left") : this.#words.say("minutes_left", { minutes: due }));
  }

  /** @param {string} text */
  #warn(text) {
    const place = element("warning");
    place.textContent = text;
    place.hidden = false;
    setTimeout(() => {
      if (place.textContent === text) place.hidden = true;
    }, WARNING_MS);
  }

  /**
   * @param {string} text
   * @param {boolean} [stays] until something else is to be said
   */
  #notice(text, stays = false) {
    const place = element("talk-notice");
    if (place.textContent !== text) place.textContent = text;
    place.hidden = false;
    window.clearTimeout(this.#fading);
    if (!stays) this.#fading = window.setTimeout(() => (place.hidden = true), NOTICE_MS);
  }

  /** Say for as long as it is so that the talk is recorded. @param {{on: boolean, failing: boolean}} recording */
  #onRecording({ on, failing }) {
    const place = element("recording");
    const text = on ? this.#words.say(failing ? "recording_failing" : "recorded") : "";
    if (place.textContent !== text) place.textContent = text;
    place.hidden = !on;
    this.dispatchEvent(new CustomEvent("recording", { detail: { on, failing } }));
  }

  /** @param {{audioOnly: boolean, reason: string}} quality */
  #onQuality({ audioOnly, reason }) {
    this.#stage.showAudioOnly(audioOnly);
    this.#notice(this.#words.say(audioOnly ? `audio_only_${reason}` : "pictures_again"), audioOnly);
  }

  /** @param {import("./connection.js").Figures} figures */
  #onStats({ rtt_ms, loss_ratio, frozen_now_ms: frozen }) {
    const [rtt, loss] = [rtt_ms ?? 0, loss_ratio ?? 0];
    /** @param {typeof FAIR} limit */
    const over = (limit) => rtt > limit.rtt || loss > limit.loss || frozen > limit.frozen;
    let word = "good";
    if (over(POOR)) word = "poor";
    else if (over(FAIR)) word = "fair";
    const bars = element("network").querySelector(".network");
    if (bars) bars.className = `network ${word}`;
    element("network-word").textContent = this.#words.say(`quality_${word}`);
  }

  /**
   * @param {string} person
   * @param {string} text
   */
  #onHelp(person, text) {
    const name = this.#people.find((one) => one.id === person)?.name ?? "";
    this.#notice([this.#words.say("help_wanted", { name }), text].join(" "), true);
  }

  #soundBlocked() {
    this.#notice(this.#words.say("sound_blocked"), true);
    show("tool-sound", true);
  }

  /** @param {{reason: string, detail: string, problem: {title: string, code: string} | null}} closed */
  #onClosed({ reason, detail, problem }) {
    window.clearInterval(this.#ticking);
    this.#screen?.stop();
    this.#screen = null;
    this.#stage.clear();
    this.dispatchEvent(new CustomEvent("over", { detail: endingOf(this.#words, { reason, detail, problem }) }));
  }
}
