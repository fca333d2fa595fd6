/** A WebSocket that knows when it is dead: networks die without a word. */

const WATCH_EVERY_MS = 200;
const PING_EVERY_MS = 1000;
/** A ping is followed by others where its answer is late: TCP sees a loss by what comes after. */
const ANSWER_WITHIN_MS = 250;
const DEAD_AFTER_MS = 2000;
/** TCP stalls for seconds on a line that loses much; while sound comes, the line is not dead. */
const DEAD_IF_LOSSY_MS = 6000;
/** A page that slept longer than this heard nothing because it did not listen. */
const STALLED_MS = 1500;

/** Sends and receives JSON messages until it is lost or closed; says so once. */
export class Wire {
  /** @type {WebSocket} */
  #socket;
  /** @type {number} */
  #timer;
  #answered = false;
  #since = performance.now();
  #pinged = 0;
  #watched = performance.now();
  #openWithin;
  /** @type {(why: string) => void} */
  #onLost;
  /** @type {() => boolean} */
  #lossy;

  /**
   * @param {string} url
   * @param {number} openWithin milliseconds until the first answer must have come
   * @param {object} hear
   * @param {() => void} hear.onOpen
   * @param {(message: any) => void} hear.onMessage
   * @param {(why: string) => void} hear.onLost
   * @param {() => boolean} [hear.lossy] whether the line loses much, and carries sound all the same
   */
  constructor(url, openWithin, { onOpen, onMessage, onLost, lossy = () => false }) {
    this.#onLost = onLost;
    this.#lossy = lossy;
    this.#openWithin = openWithin;
    this.#socket = new WebSocket(url);
    this.#socket.onopen = onOpen;
    this.#socket.onmessage = ({ data }) => {
      this.#answered = true;
      this.#since = performance.now();
      onMessage(JSON.parse(data));
    };
    this.#socket.onclose = () => this.#lose("socket");
    this.#timer = window.setInterval(() => this.#watch(), WATCH_EVERY_MS);
  }

  /** @param {Record<string, unknown>} message */
  say(message) {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** Hang up, without a word to whoever listens. */
  close() {
    window.clearInterval(this.#timer);
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
  }

  #watch() {
    const now = performance.now();
    const slept = now - this.#watched;
    this.#watched = now;
    if (slept > STALLED_MS) this.#since += slept;
    if (now - this.#since > this.#patience()) {
      this.#lose("silence");
    } else if (this.#answered && now - this.#pinged >= this.#pingEvery()) {
      this.#pinged = now;
      this.say({ type: "ping" });
    }
  }

  #patience() {
    if (!this.#answered) return this.#openWithin;
    return this.#lossy() ? DEAD_IF_LOSSY_MS : DEAD_AFTER_MS;
  }

  #pingEvery() {
    const late = this.#pinged > this.#since;
    return late ? ANSWER_WITHIN_MS : PING_EVERY_MS;
  }

  /** @param {string} why */
  #lose(why) {
    this.close();
    this.#onLost(why);
  }
}
