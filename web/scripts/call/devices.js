/** Camera, microphone, speaker and network, tried before the talk. */

/** @typedef {{stream: MediaStream, camera: string, microphone: string}} Found */

const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 25, max: 30 } };
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/**
 * Open what there is: both, else sound alone, else picture alone.
 *
 * @returns {Promise<Found>} `camera` and `microphone` name a text that says why one is missing
 */
export async function openDevices() {
  if (!navigator.mediaDevices) {
    return { stream: new MediaStream(), camera: "insecure", microphone: "insecure" };
  }
  const both = await attempt({ audio: SOUND, video: PICTURE });
  if (both instanceof MediaStream) return { stream: both, camera: "", microphone: "" };
  const sound = await attempt({ audio: SOUND });
  const picture = await attempt({ video: PICTURE });
  const tracks = [sound, picture].flatMap((one) => (one instanceof MediaStream ? one.getTracks() : []));
  return {
    stream: new MediaStream(tracks),
    camera: picture instanceof MediaStream ? "" : why(picture, "camera_none"),
    microphone: sound instanceof MediaStream ? "" : why(sound, "microphone_none"),
  };
}

/**
 * @param {MediaStreamConstraints} wish
 * @returns {Promise<MediaStream | DOMException>}
 */
async function attempt(wish) {
  try {
    return await navigator.mediaDevices.getUserMedia(wish);
  } catch (error) {
    if (error instanceof DOMException) return error;
    throw error;
  }
}

/**
 * Which text says what to do about an error.
 *
 * @param {DOMException} error
 * @param {string} none the text where there is no such device
 */
export function why(error, none) {
  switch (error.name) {
    case "NotAllowedError":
      return "denied";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return none;
  }
}

/** Let go of camera and microphone. @param {MediaStream | null} stream */
export function release(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** Play two calm notes. */
export async function playTestSound() {
  const context = new AudioContext();
  await context.resume();
  const loudness = context.createGain();
  loudness.connect(context.destination);
  [523.25, 659.25].forEach((pitch, at) => {
    const note = context.createOscillator();
    const start = context.currentTime + at * 0.45;
    note.frequency.value = pitch;
    note.connect(loudness);
    note.start(start);
    note.stop(start + 0.4);
  });
  loudness.gain.setValueAtTime(0.25, context.currentTime);
  loudness.gain.linearRampToValueAtTime(0, context.currentTime + 0.9);
  setTimeout(() => context.close(), 1200);
}

const GOOD_MS = 400;
const TRIES = 4;

/**
 * How well the court can be reached: the signalling's address opens, and answers come soon.
 *
 * @returns {Promise<"network_good" | "network_slow" | "network_none">}
 */
export async function testNetwork() {
  if (!(await opens(location.origin.replace(/^http/, "ws") + "/ws/call"))) return "network_none";
  const times = [];
  for (let i = 0; i < TRIES; i += 1) {
    const before = performance.now();
    try {
      await fetch("/healthz", { cache: "no-store" });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return "network_none";
    }
    times.push(performance.now() - before);
  }
  return Math.min(...times) < GOOD_MS ? "network_good" : "network_slow";
}

/**
 * @param {string} url
 * @returns {Promise<boolean>} whether a WebSocket opens there within five seconds
 */
function opens(url) {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    const timer = setTimeout(() => done(false), 5000);
    /** @param {boolean} answer */
    const done = (answer) => {
      clearTimeout(timer);
      socket.close();
      resolve(answer);
    };
    socket.onopen = () => done(true);
    socket.onerror = () => done(false);
  });
}
