/**
 * What a connection looks like: the browser's counters, as figures of the last few seconds.
 *
 * @typedef {{rtt_ms: number | null, loss_ratio: number | null, jitter_ms: number | null,
 *   received_bps: number | null, sent_bps: number | null, frames_decoded: number | null,
 *   freezes: number | null, frozen_ms: number | null, frozen_now_ms: number}} Figures
 *   `freezes` and `frozen_ms` are since the connection was made, `frozen_now_ms` since the last reading
 * @typedef {{at: number, received: number, sent: number, lost: number, packets: number,
 *   frozen: number}} Totals
 */

/** Turns counters that only grow into figures of the time since the last reading. */
export class Statistics {
  /** @type {Totals | null} */
  #before = null;

  /**
   * @param {Iterable<[string, any]>} report what `getStats()` gave
   * @returns {Figures}
   */
  read(report) {
    /** @type {Totals} */
    const now = { at: 0, received: 0, sent: 0, lost: 0, packets: 0, frozen: 0 };
    /** @type {Figures} */
    const figures = {
      rtt_ms: null, loss_ratio: null, jitter_ms: null,
      received_bps: null, sent_bps: null, frames_decoded: null,
      freezes: null, frozen_ms: null, frozen_now_ms: 0,
    };
    for (const [, entry] of report) gather(entry, now, figures);
    const before = this.#before;
    this.#before = now;
    if (before && now.at > before.at && now.received >= before.received) {
      const seconds = (now.at - before.at) / 1000;
      const lost = Math.max(0, now.lost - before.lost);
      const expected = lost + now.packets - before.packets;
      figures.received_bps = Math.round(((now.received - before.received) * 8) / seconds);
      figures.sent_bps = Math.round(((now.sent - before.sent) * 8) / seconds);
      figures.frozen_now_ms = Math.max(0, Math.round(now.frozen - before.frozen));
      figures.loss_ratio = expected > 0 ? lost / expected : 0;
    }
    return figures;
  }
}

/**
 * @param {any} entry
 * @param {Totals} totals
 * @param {Figures} figures
 */
function gather(entry, totals, figures) {
  if (entry.type === "inbound-rtp") {
    totals.at = entry.timestamp;
    totals.received += entry.bytesReceived ?? 0;
    totals.lost += entry.packetsLost ?? 0;
    totals.packets += entry.packetsReceived ?? 0;
    figures.jitter_ms = Math.max(figures.jitter_ms ?? 0, (entry.jitter ?? 0) * 1000);
    if (entry.kind === "video") {
      figures.frames_decoded = (figures.frames_decoded ?? 0) + (entry.framesDecoded ?? 0);
      if (entry.freezeCount != null) freeze(entry, totals, figures);
    }
  } else if (entry.type === "outbound-rtp") {
    totals.at = entry.timestamp;
    totals.sent += entry.bytesSent ?? 0;
  } else if (entry.type === "candidate-pair" && entry.nominated) {
    if (entry.currentRoundTripTime != null) figures.rtt_ms = entry.currentRoundTripTime * 1000;
  }
}

/**
 * Pictures that stood still; not every browser counts them.
 *
 * @param {{freezeCount: number, totalFreezesDuration?: number}} entry
 * @param {Totals} totals
 * @param {Figures} figures
 */
function freeze({ freezeCount, totalFreezesDuration = 0 }, totals, figures) {
  totals.frozen += totalFreezesDuration * 1000;
  figures.freezes = (figures.freezes ?? 0) + freezeCount;
  figures.frozen_ms = Math.round(totals.frozen);
}
