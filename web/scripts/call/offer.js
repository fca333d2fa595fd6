/** What we ask for beyond what browsers ask for by themselves. */

/**
 * Ask that lost sound be sent again, as browsers do for pictures: they can, and say so only when
 * the other side speaks of it.
 *
 * @param {string} sdp
 * @returns {string}
 */
export function withSoundAgain(sdp) {
  return sdp.replace(
    /^a=rtpmap:(\d+) opus\/48000\/2\r\n/gim,
    (line, type) => `${line}a=rtcp-fb:${type} nack\r\n`,
  );
}
