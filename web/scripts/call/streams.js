/**
 * Who is in which slot, as streams that pages can show.
 *
 * @typedef {Record<string, {person: string, source: string, withheld?: string} | null>} Slots
 */

/** Gathers each person's tracks in one stream, which stays the same object while they do. */
export class Streams {
  /** @type {Map<string, MediaStreamTrack>} tracks by mid */
  #tracks = new Map();
  /** @type {Map<string, MediaStream>} streams by person */
  #people = new Map();
  /** @type {Map<string, MediaStream>} shared screens by person */
  #screens = new Map();
  /** @type {Map<string, string>} */
  #withheld = new Map();

  /** Faces and voices, by person. */
  get byPerson() {
    return new Map(this.#people);
  }

  /** Shared screens, by person. */
  get screens() {
    return new Map(this.#screens);
  }

  /** Why a person's picture is not sent to us, by person. */
  get withheld() {
    return new Map(this.#withheld);
  }

  /** @param {RTCTrackEvent} event */
  add({ track, transceiver }) {
    if (transceiver.mid) this.#tracks.set(transceiver.mid, track);
  }

  /** A new connection has new tracks; what is shown stays until it says who is where. */
  forgetTracks() {
    this.#tracks.clear();
  }

  /** Nobody is here any more. */
  clear() {
    this.#tracks.clear();
    for (const one of [this.#people, this.#screens, this.#withheld]) one.clear();
  }

  /** @param {Slots} slots */
  seat(slots) {
    /** @type {Map<string, MediaStreamTrack[]>} */
    const people = new Map();
    /** @type {Map<string, MediaStreamTrack[]>} */
    const screens = new Map();
    this.#withheld.clear();
    for (const [mid, seat] of Object.entries(slots)) {
      const track = this.#tracks.get(mid);
      if (!seat || !track) continue;
      if (seat.withheld) this.#withheld.set(seat.person, seat.withheld);
      const wanted = seat.source === "screen" ? screens : people;
      wanted.set(seat.person, [...(wanted.get(seat.person) ?? []), track]);
    }
    gather(this.#people, people);
    gather(this.#screens, screens);
  }
}

/**
 * Bring streams in line with the tracks that are wanted in them.
 *
 * @param {Map<string, MediaStream>} streams
 * @param {Map<string, MediaStreamTrack[]>} wanted
 */
function gather(streams, wanted) {
  for (const person of [...streams.keys()]) {
    if (!wanted.has(person)) streams.delete(person);
  }
  for (const [person, tracks] of wanted) {
    const before = streams.get(person)?.getTracks() ?? [];
    const same = before.length === tracks.length && tracks.every((one) => before.includes(one));
    if (!same) streams.set(person, new MediaStream(tracks));
  }
}
