/** Sharing a screen: documents, still and sharp. */

const WISH = { video: { frameRate: { ideal: 5, max: 5 }, width: { max: 1920 }, height: { max: 1200 } }, audio: false };

/** Whether this browser can share a screen at all; telephones cannot. */
export function canShare() {
  return Boolean(navigator.mediaDevices?.getDisplayMedia);
}

/**
 * Let the person choose what to share.
 *
 * @returns {Promise<MediaStreamTrack | string>} the picture, or the name of the text that says why not
 */
export async function openScreen() {
  try {
    const [track] = (await navigator.mediaDevices.getDisplayMedia(WISH)).getVideoTracks();
    return track ?? "screen_none";
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return error.name === "NotAllowedError" ? "screen_denied" : "screen_none";
  }
}
