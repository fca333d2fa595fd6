/** One try to be in a call: a socket, a peer connection, and the joining of both. */

import { hears } from "./hears.js";
import { withSoundAgain } from "./offer.js";
import { Wire } from "./wire.js";

const MEDIA_LOST_MS = 1500;

/**
 * Who is told what becomes of it. After `onLost` nothing more is said.
 *
 * @typedef {object} Ear
 * @property {(joined: any) => Promise<void> | void} onJoined we are in
 * @property {(message: any) => void} onMessage anything else the server says, in order
 * @property {() => void} onMedia sound and pictures flow
 * @property {(why: string) => void} onLost
 * @property {(event: RTCTrackEvent) => void} onTrack
 * @property {() => boolean} lossy whether the line loses much
 */

export class Attempt {
  #ear;
  #peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  /** @type {Wire | null} */
  #wire = null;
  /** @type {any[] | null} what came while the browser still read the answer */
  #early = null;
  #over = false;
  /** @type {number | undefined} */
  #mediaTimer;
  /** Whether the server let us in. */
  joined = false;

  /** @param {Ear} ear */
  constructor(ear) {
    this.#ear = ear;
    this.#peer.ontrack = (event) => !this.#over && ear.onTrack(event);
    this.#peer.onconnectionstatechange = () => this.#onMediaState();
  }

  /**
   * Make the offer, open the socket and join.
   *
   * @param {string} url the worker's WebSocket
   * @param {import("./outgoing.js").Outgoing} outgoing
   * @param {number} pairs how many others to see at once
   * @param {() => Record<string, string>} token shown once the socket is open
   * @param {number} openWithin milliseconds until the server must have answered
   */
  async start(url, outgoing, pairs, token, openWithin) {
    const sources = outgoing.addTo(this.#peer, pairs);
    const offer = await this.#peer.createOffer();
    if (this.#over) return;
    const sdp = withSoundAgain(offer.sdp ?? "");
    this.#wire = new Wire(url, openWithin, {
      onOpen: () => {
        const { muted, cameraOn: camera } = outgoing;
        this.say({ type: "join", ...token(), sdp, sources, muted, camera });
      },
      onMessage: (message) => this.#heed(offer, message),
      onLost: (why) => this.#lose(why),
      lossy: () => this.#ear.lossy() && hears(this.#peer),
    });
  }

  /** @param {Record<string, unknown>} message */
  say(message) {
    this.#wire?.say(message);
  }

  /** What the browser knows of the line; null once it is over. @returns {Promise<RTCStatsReport | null>} */
  async statistics() {
    const found = await this.#peer.getStats();
    return this.#over ? null : found;
  }

  /** Let go, without a word to whoever listens. */
  close() {
    this.#over = true;
    window.clearTimeout(this.#mediaTimer);
    this.#wire?.close();
    this.#peer.close();
  }

  /** @param {string} why */
  #lose(why) {
    if (this.#over) return;
    this.close();
    this.#ear.onLost(why);
  }

  #onMediaState() {
    if (this.#over) return;
    window.clearTimeout(this.#mediaTimer);
    const state = this.#peer.connectionState;
    if (state === "connected") this.#ear.onMedia();
    else if (state === "failed") this.#lose("media");
    else if (state === "disconnected") {
      this.#mediaTimer = window.setTimeout(() => this.#lose("media"), MEDIA_LOST_MS);
    }
  }

  /**
   * @param {RTCSessionDescriptionInit} offer
   * @param {any} message
   */
  #heed(offer, message) {
    if (message.type === "joined") this.#join(offer, message);
    else if (this.#early) this.#early.push(message);
    else this.#ear.onMessage(message);
  }

  /**
   * @param {RTCSessionDescriptionInit} offer
   * @param {any} joined
   */
  async #join(offer, joined) {
    this.joined = true;
    this.#early = [];
    if (joined.ice_servers.length) {
      this.#peer.setConfiguration({ bundlePolicy: "max-bundle", iceServers: joined.ice_servers });
    }
    try {
      await this.#peer.setLocalDescription(offer);
      await this.#peer.setRemoteDescription({ type: "answer", sdp: joined.sdp });
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.#lose("media");
    }
    if (this.#over) return;
    await this.#ear.onJoined(joined);
    const early = this.#early;
    this.#early = null;
    for (const later of early) if (!this.#over) this.#ear.onMessage(later);
  }
}
