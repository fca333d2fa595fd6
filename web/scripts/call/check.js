/** The check of devices before a talk: each line says whether it works, or what to press. */

import { openDevices, playTestSound, release, testNetwork } from "./devices.js";
import { element, show } from "./island.js";
import { Meter } from "./meter.js";

/** @typedef {import("./island.js").Words} Words */

const HEARD_AT = 0.25;

/** Owns the camera and microphone until the talk takes them over. */
export class Check {
  #words;
  /** @type {MediaStream | null} */
  #stream = null;
  /** @type {Meter | null} */
  #meter = null;

  /** @param {Words} words */
  constructor(words) {
    this.#words = words;
    element("play").onclick = () => this.#play();
    element("heard-yes").onclick = () => this.#heard(true);
    element("heard-no").onclick = () => this.#heard(false);
    element("again").onclick = () => this.run();
  }

  /** What we would send; empty before the devices are open. */
  get stream() {
    return this.#stream ?? new MediaStream();
  }

  /** Try everything that needs no hand. */
  async run() {
    await this.stop();
    show("again", false);
    const [found, network] = await Promise.all([openDevices(), this.#tryNetwork()]);
    this.#stream = found.stream;
    const preview = /** @type {HTMLVideoElement} */ (element("preview"));
    preview.srcObject = found.stream;
    this.#showCamera(found.camera);
    this.#showMicrophone(found.microphone);
    show("again", Boolean(found.camera || found.microphone) || network === "network_none");
  }

  /** Stop the meter; the stream lives on for the talk. */
  async stopMeter() {
    const meter = this.#meter;
    this.#meter = null;
    await meter?.stop();
  }

  /** Let everything go. */
  async stop() {
    await this.stopMeter();
    release(this.#stream);
    this.#stream = null;
  }

  /** @param {string} missing */
  #showCamera(missing) {
    const [track] = this.stream.getVideoTracks();
    const { width = 0, height = 0 } = track?.getSettings() ?? {};
    const text = missing ? this.#words.say(missing) : this.#words.say("camera_works", { width, height });
    this.#line("camera", !missing, text);
  }

  /** @param {string} missing */
  #showMicrophone(missing) {
    if (missing) {
      this.#line("microphone", false, this.#words.say(missing));
      return;
    }
    this.#line("microphone", null, this.#words.say("microphone_speak"));
    const bar = /** @type {HTMLProgressElement} */ (element("loudness"));
    let heard = false;
    this.#meter = new Meter(this.stream, (level) => {
      bar.value = Math.round(level * 100);
      if (heard || level < HEARD_AT) return;
      heard = true;
      this.#line("microphone", true, this.#words.say("microphone_works"));
    });
  }

  async #tryNetwork() {
    this.#line("network", null, this.#words.say("network_testing"));
    const found = await testNetwork();
    this.#line("network", found === "network_good" || (found === "network_slow" ? null : false), this.#words.say(found));
    return found;
  }

  async #play() {
    this.#line("speaker", null, this.#words.say("speaker_playing"));
    show("heard", true);
    await this.#meter?.resume();
    await playTestSound();
  }

  /** @param {boolean} yes */
  #heard(yes) {
    this.#line("speaker", yes, this.#words.say(yes ? "speaker_works" : "speaker_fails"));
    show("heard", !yes);
  }

  /**
   * @param {string} part
   * @param {boolean | null} works null while nobody knows
   * @param {string} text
   */
  #line(part, works, text) {
    const line = element(`check-${part}`);
    line.classList.toggle("works", works === true);
    line.classList.toggle("fails", works === false);
    const place = line.querySelector("p");
    if (place && place.textContent !== text) place.textContent = text;
  }
}
