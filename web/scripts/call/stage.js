/** The pictures of a talk: one or two large, the others small; names, roles, who speaks. */

import { element } from "./island.js";

/**
 * @typedef {import("./connection.js").Person} Person
 * @typedef {import("./island.js").Words} Words
 * @typedef {{person: Person, figure: HTMLElement, video: HTMLVideoElement}} Tile
 * @typedef {Map<string, MediaStream>} Pictures by person
 */

/** Whom somebody of a role came to see, the most important first. */
const BENCH = ["presiding_judge", "associate_judge"];
const HEARD = ["witness", "expert", "party", "lawyer", "prosecutor"];
const FAR = {
  visitor: ["inmate"], inmate: ["visitor"], interpreter: ["inmate", "visitor", ...BENCH, ...HEARD],
  supervisor: ["inmate", "visitor"],
  presiding_judge: HEARD, associate_judge: HEARD, clerk: HEARD,
  party: BENCH, lawyer: BENCH, witness: BENCH, expert: BENCH, guard: BENCH, observer: BENCH, prosecutor: BENCH,
};

const SETTLE_MS = 200;

/** How large an element is shown, in device pixels. @param {HTMLElement} shown @returns {[number, number]} */
function pixels({ clientWidth, clientHeight }) {
  const dense = window.devicePixelRatio;
  return [Math.round(clientWidth * dense), Math.round(clientHeight * dense)];
}

/**
 * Fires `sizes` (detail: width and height by person), `silence` (detail: whose microphone to switch
 * off or on) and `blocked` where a click is needed for sound.
 */
export class Stage extends EventTarget {
  #words;
  #far = element("far");
  #side = element("side");
  #template = /** @type {HTMLTemplateElement} */ (element("tile"));
  /** @type {Map<string, Tile>} */
  #tiles = new Map();
  #as;
  /** @type {Map<string, Tile>} shared screens, by person */
  #screens = new Map();
  /** @type {Map<string, string>} why there is no picture, by person */
  #withheld = new Map();
  #audioOnly = false;
  /** Whether we may switch others' microphones off. */
  maySilence = false;
  /** @type {number | undefined} */
  #settling;
  #resized = new ResizeObserver(() => this.#measure());

  /**
   * @param {Words} words
   * @param {string} as our own role
   */
  constructor(words, as) {
    super();
    this.#words = words;
    this.#as = as;
  }

  /**
   * Show ourselves, small and mirrored, unless we send nothing.
   *
   * @param {MediaStream} stream
   * @param {string} name
   */
  showSelf(stream, name) {
    if (!stream.getTracks().length) return;
    const tile = this.#tile("self", name, this.#words.say("you"), "");
    tile.figure.classList.add("self");
    tile.video.muted = true;
    tile.video.srcObject = stream;
    tile.figure.classList.toggle("silent", !stream.getVideoTracks().length);
    this.#side.append(tile.figure);
  }

  /** @param {boolean} on */
  showCamera(on) {
    this.#tiles.get("self")?.figure.classList.toggle("silent", !on);
  }

  /**
   * Bring the tiles in line with who is here; whoever stays keeps their element.
   *
   * @param {Person[]} people
   */
  showPeople(people) {
    const here = new Set(people.map((one) => one.id));
    for (const [id, tile] of this.#tiles) {
      if (id === "self" || here.has(id)) continue;
      this.#resized.unobserve(tile.video);
      tile.figure.remove();
      this.#tiles.delete(id);
    }
    for (const person of people) this.#show(person);
    this.#order(people);
  }

  /** @param {Person} person */
  #show(person) {
    const watching = person.role === "supervisor";
    const name = watching ? this.#words.say("watching", { name: person.name }) : person.name;
    const tile = this.#tiles.get(person.id) ?? this.#tile(person.id, name, this.#words.role(person.role), person.role);
    tile.person = person;
    const withheld = this.#withheld.get(person.id) ?? "";
    const stream = /** @type {MediaStream | null} */ (tile.video.srcObject);
    const pictures = stream === null || stream.getVideoTracks().length > 0;
    const away = !person.connected && !watching;
    const dark = away || !person.camera || this.#audioOnly || watching || withheld !== "" || !pictures;
    tile.figure.classList.toggle("silent", dark);
    this.#explain(tile, away ? "away" : this.#audioOnly ? "" : withheld);
    this.#offerSilence(tile, person);
    const muted = tile.figure.querySelector(".muted");
    if (muted instanceof HTMLElement) muted.hidden = !person.muted;
  }

  /**
   * Let who may switch a microphone off or on; supervisors have none.
   *
   * @param {Tile} tile
   * @param {Person} person
   */
  #offerSilence({ figure }, { id, role, silenced }) {
    const button = figure.querySelector(".silence");
    if (!(button instanceof HTMLButtonElement)) return;
    button.hidden = !this.maySilence || role === "supervisor";
    button.setAttribute("aria-pressed", String(silenced));
    button.onclick = () => {
      this.dispatchEvent(new CustomEvent("silence", { detail: { person: id, muted: !silenced } }));
    };
  }

  /**
   * @param {Tile} tile
   * @param {string} withheld
   */
  #explain({ figure }, withheld) {
    const why = figure.querySelector(".why");
    if (!(why instanceof HTMLElement)) return;
    why.hidden = withheld === "";
    why.textContent = withheld ? this.#words.say(`withheld_${withheld}`) : "";
  }

  /** @param {Person[]} people */
  #order(people) {
    /** @type {string[]} */
    const wanted = FAR[/** @type {keyof typeof FAR} */ (this.#as)] ?? [];
    const inside = people.filter((one) => one.station === one.role); // who waits elsewhere is not seen
    const faces = wanted.flatMap((role) => inside.filter((one) => one.role === role)).slice(0, 1);
    const far = this.#screens.size ? [] : faces; // documents go before faces
    for (const person of people) {
      const tile = this.#tiles.get(person.id);
      if (!tile) continue;
      const large = far.includes(person);
      const place = large ? this.#far : this.#side;
      tile.figure.classList.toggle("far", large);
      if (tile.figure.parentElement !== place) place.append(tile.figure);
    }
  }

  /** Say how large each picture is shown, once the page has come to rest. */
  #measure() {
    window.clearTimeout(this.#settling);
    this.#settling = window.setTimeout(() => {
      /** @type {Record<string, [number, number]>} */
      const sizes = {};
      for (const [id, { video }] of this.#tiles) {
        if (id !== "self") sizes[id] = pixels(video);
      }
      this.dispatchEvent(new CustomEvent("sizes", { detail: sizes }));
    }, SETTLE_MS);
  }

  /**
   * Give each picture its stream, and each shared screen a place.
   *
   * @param {{streams: Pictures, screens: Pictures, withheld: Map<string, string>}} shown
   */
  showStreams({ streams, screens, withheld }) {
    this.#withheld = withheld;
    for (const [id, tile] of this.#tiles) {
      if (id === "self") continue;
      this.#give(tile, streams.get(id) ?? null);
      this.#show(tile.person);
    }
    this.#showScreens(screens);
  }

  /** @param {Pictures} screens */
  #showScreens(screens) {
    const before = this.#screens.size;
    for (const [id, tile] of this.#screens) {
      if (screens.has(id)) continue;
      tile.video.srcObject = null;
      tile.figure.remove();
      this.#screens.delete(id);
    }
    for (const [id, stream] of screens) {
      const tile = this.#screens.get(id) ?? this.#screen(id);
      this.#give(tile, stream);
    }
    if (before !== this.#screens.size) this.#order(this.#others());
  }

  /** @param {string} id whose screen @returns {Tile} */
  #screen(id) {
    const name = this.#tiles.get(id)?.person.name ?? "";
    const tile = this.#make(id, name, this.#words.say("screen_of"), "screen");
    tile.figure.classList.add("screen");
    delete tile.figure.dataset.person;
    tile.figure.dataset.screen = id;
    this.#screens.set(id, tile);
    this.#far.prepend(tile.figure);
    return tile;
  }

  /** Everybody but us. */
  #others() {
    return [...this.#tiles].filter(([id]) => id !== "self").map(([, tile]) => tile.person);
  }

  /**
   * @param {Tile} tile
   * @param {MediaStream | null} stream
   */
  #give({ video }, stream) {
    if (video.srcObject === stream) return;
    video.srcObject = stream;
    if (stream) this.#play(video);
  }

  /** Play everything; call this from a click where the browser held the sound back. */
  async playAll() {
    for (const { video } of [...this.#tiles.values(), ...this.#screens.values()]) if (video.srcObject) await this.#play(video);
  }

  /** @param {HTMLVideoElement} video */
  async #play(video) {
    try {
      await video.play();
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      if (error.name === "NotAllowedError") this.dispatchEvent(new Event("blocked"));
    }
  }

  /** @param {string[]} ids */
  showSpeaking(ids) {
    for (const [id, tile] of this.#tiles) tile.figure.classList.toggle("speaking", ids.includes(id));
  }

  /** @param {boolean} only */
  showAudioOnly(only) {
    this.#audioOnly = only;
    for (const [id, tile] of this.#tiles) if (id !== "self") this.#show(tile.person);
  }

  /** Take every tile away. */
  clear() {
    this.#resized.disconnect();
    for (const tile of [...this.#tiles.values(), ...this.#screens.values()]) {
      tile.video.srcObject = null;
      tile.figure.remove();
    }
    this.#tiles.clear();
    this.#screens.clear();
  }

  /**
   * @param {string} id
   * @param {string} name
   * @param {string} role what the role is called
   * @param {string} kind the role's class
   * @returns {Tile}
   */
  #tile(id, name, role, kind) {
    const tile = this.#make(id, name, role, kind);
    if (id !== "self") this.#resized.observe(tile.video);
    this.#tiles.set(id, tile);
    return tile;
  }

  /**
   * @param {string} id
   * @param {string} name
   * @param {string} role what the role is called
   * @param {string} kind the role's class
   * @returns {Tile}
   */
  #make(id, name, role, kind) {
    const copy = /** @type {DocumentFragment} */ (this.#template.content.cloneNode(true));
    const figure = /** @type {HTMLElement} */ (copy.querySelector("figure"));
    const video = /** @type {HTMLVideoElement} */ (copy.querySelector("video"));
    const badge = /** @type {HTMLElement} */ (copy.querySelector(".role"));
    const initial = /** @type {HTMLElement} */ (copy.querySelector(".initial"));
    figure.dataset.person = id;
    if (kind) badge.classList.add(kind);
    badge.textContent = role;
    initial.textContent = [...name.trim()][0] ?? "";
    const label = copy.querySelector("figcaption bdi");
    if (label) label.textContent = name;
    const person = /** @type {Person} */ ({ id, name, role: kind, camera: true, muted: false, silenced: false });
    return { person, figure, video };
  }
}
