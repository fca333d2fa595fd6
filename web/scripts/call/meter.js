/**
 * How loud a stream is, for a microphone meter. Nothing is played and nothing leaves the page.
 */

/** Below this many decibels a meter shows nothing. */
const SILENT_DB = -60;

/** Watches the loudness of a stream's sound; `stop` it when the meter goes away. */
export class Meter {
  /** @type {AudioContext} */
  #context;
  /** @type {AnalyserNode} */
  #analyser;
  /** @type {MediaStreamAudioSourceNode} */
  #source;
  /** @type {Float32Array<ArrayBuffer>} */
  #samples;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {MediaStream} stream a stream with a sound track
   * @param {(level: number) => void} onLevel called ten times a second with 0 (silence) to 1
   */
  constructor(stream, onLevel) {
    this.#context = new AudioContext();
    this.#analyser = this.#context.createAnalyser();
    this.#analyser.fftSize = 1024;
    this.#source = this.#context.createMediaStreamSource(stream);
    this.#source.connect(this.#analyser);
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#timer = window.setInterval(() => onLevel(this.level()), 100);
  }

  /**
   * The loudness now.
   *
   * @returns {number} 0 (silence) to 1
   */
  level() {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return loudness(this.#samples);
  }

  /** Browsers start sound only after a click; call this from one. */
  async resume() {
    await this.#context.resume();
  }

  /** Watch no more and free the sound device. */
  async stop() {
    window.clearInterval(this.#timer);
    this.#source.disconnect();
    if (this.#context.state !== "closed") await this.#context.close();
  }
}

/**
 * The loudness of samples between -1 and 1, on a scale that looks even to people.
 *
 * @param {Float32Array} samples
 * @returns {number} 0 (silence) to 1
 */
export function loudness(samples) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
  return Math.min(1, Math.max(0, 1 - decibels / SILENT_DB));
}
