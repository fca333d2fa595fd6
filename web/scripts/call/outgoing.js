/**
 * What we send: the offer's m-lines, and switching devices on and off without a new one.
 */

/**
 * The camera goes out in three sizes at once, the smallest first: each receiver gets the one that
 * its screen and its line have room for.
 *
 * @type {RTCRtpEncodingParameters[]}
 */
const SIZES = [
  { rid: "q", scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: "h", scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: "f", maxBitrate: 1_700_000 },
];

/**
 * Documents are to be read: few frames, all their pixels. While none is shown the encoding is off:
 * a browser keeps a share of the line for one that is on, and the camera's largest size goes without.
 *
 * @param {boolean} active
 * @returns {RTCRtpEncodingParameters[]}
 */
const documents = (active) => [{ active, maxFramerate: 5, maxBitrate: 1_500_000 }];

/** Whether this browser sends VP8, the codec that comes in several sizes. */
function sendsVp8() {
  const known = RTCRtpSender.getCapabilities("video")?.codecs ?? [];
  return known.some(({ mimeType }) => mimeType.toLowerCase() === "video/vp8");
}

/**
 * A slot asks for what the court forwards and no more: with every codec that a browser knows, the
 * offer of a full courtroom would be longer than a message may be.
 *
 * @param {RTCPeerConnection} peer
 * @param {"audio" | "video"} kind
 */
function slot(peer, kind) {
  const line = peer.addTransceiver(kind, { direction: "recvonly" });
  const known = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
  const ours = known.filter(({ mimeType }) => /\/(opus|vp8|h264|rtx)$/i.test(mimeType));
  if (ours.length && "setCodecPreferences" in line) line.setCodecPreferences(ours);
}

/** Our microphone, camera and screen, through every reconnection. */
export class Outgoing {
  muted;
  cameraOn;
  sharing = false;
  /** @type {MediaStream} */
  #stream;
  /** @type {RTCRtpSender[]} */
  #senders = [];
  /** @type {RTCRtpSender | null} */
  #screen = null;
  /** @type {MediaStreamTrack | null} */
  #screenTrack = null;

  /**
   * @param {MediaStream} stream
   * @param {boolean} muted
   * @param {boolean} cameraOn
   */
  constructor(stream, muted, cameraOn) {
    this.#stream = stream;
    this.muted = muted;
    this.cameraOn = cameraOn;
    this.apply();
  }

  /** Switch the tracks as wished. */
  apply() {
    for (const track of this.#stream.getAudioTracks()) track.enabled = !this.muted;
    for (const track of this.#stream.getVideoTracks()) track.enabled = this.cameraOn;
  }

  /**
   * Add the sending m-lines, then pairs of slots.
   *
   * @param {RTCPeerConnection} peer
   * @param {number} pairs
   * @returns {Record<string, string>} which m-line sends what
   */
  addTo(peer, pairs) {
    /** @type {string[]} */
    const sources = [];
    const [sound] = this.#stream.getAudioTracks();
    const [picture] = this.#stream.getVideoTracks();
    const how = { direction: /** @type {const} */ ("sendonly"), streams: [this.#stream] };
    this.#senders = [];
    this.#screen = null;
    if (sound) {
      this.#senders.push(peer.addTransceiver(sound, how).sender);
      sources.push("microphone");
    }
    if (picture) {
      const camera = { ...how, sendEncodings: sendsVp8() ? SIZES : [{}] };
      this.#senders.push(peer.addTransceiver(picture, camera).sender);
      sources.push("camera");
    }
    if (sound || picture) {
      const screen = { ...how, sendEncodings: documents(this.#screenTrack !== null) };
      this.#screen = peer.addTransceiver(this.#screenTrack ?? "video", screen).sender;
      sources.push("screen");
    }
    for (let pair = 0; pair < pairs; pair += 1) {
      slot(peer, "audio");
      slot(peer, "video");
    }
    return Object.fromEntries(sources.map((source, mid) => [String(mid), source]));
  }

  /**
   * Send another camera or microphone from now on; a kind we did not send stays unsent.
   *
   * @param {MediaStream} stream
   */
  async replace(stream) {
    this.#stream = stream;
    this.apply();
    for (const sender of this.#senders) {
      const track = stream.getTracks().find((one) => one.kind === sender.track?.kind);
      if (track) await sender.replaceTrack(track);
    }
  }

  /** @param {MediaStreamTrack | null} track */
  async share(track) {
    if (track) track.contentHint = "detail";
    this.#screenTrack = track;
    this.sharing = track !== null && this.#screen !== null;
    await this.#screen?.replaceTrack(track);
    const wish = this.#screen?.getParameters();
    for (const encoding of wish?.encodings ?? []) encoding.active = track !== null;
    if (wish) await this.#screen?.setParameters(wish);
  }
}
