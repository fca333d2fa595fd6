/**
 * Who is in which slot, as streams that pages can show.
 *
 * @typedef {Record<string, {person: string, source: string} | null>} Slots
 */

/** Gathers each person's tracks in one stream, which stays the same object while they do. */
export class Streams {
  /** @type {Map<string, MediaStreamTrack>} tracks by mid */
  #tracks = new Map();
  /** @type {Map<string, MediaStream>} streams by person */
  #streams = new Map();

  /** The streams, by person. */
  get byPerson() {
    return new Map(this.#streams);
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
    this.#streams.clear();
  }

  /** @param {Slots} slots */
  seat(slots) {
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
  }
}
