/** Whether anything comes in, as the browser knows it without asking. */

const LATELY_MS = 1200;

/**
 * Whether sound or a picture of anybody was played a moment ago.
 *
 * @param {RTCPeerConnection} peer
 * @returns {boolean}
 */
export function hears(peer) {
  const since = performance.timeOrigin + performance.now() - LATELY_MS;
  return peer
    .getReceivers()
    .some((one) => one.getSynchronizationSources().some(({ timestamp }) => timestamp > since));
}
