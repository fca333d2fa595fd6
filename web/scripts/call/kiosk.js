/** A device nobody touches: it waits, joins at the time, thanks, and waits again. */

import { askForTicket, EntryRefused, renewTicket } from "./entry.js";
import { CallOver } from "./connection.js";
import { openDevices, release } from "./devices.js";
import { element, readIsland, show, Words } from "./island.js";
import { Talk } from "./talk.js";

/**
 * @typedef {{id: string, role: string, starts_at: string, ends_at: string, opens_at: string,
 *   ready: boolean, taken: boolean, problem: string | null}} Next
 * @typedef {import("./talk.js").Ending} Ending
 */

const ASK_EVERY_MS = 5000;
const BEFORE_MS = 60_000;
const THANKS_MS = 15_000;

const island = readIsland();
const words = new Words(island);
const line = element("next");
let offset = 0;

/** Say one of the texts the page carries. @param {string} name @param {string} [time] */
function say(name, time = "") {
  const text = (line.dataset[name] ?? "").replace("{time}", time);
  if (line.textContent !== text) line.textContent = text;
}

/** @param {number} milliseconds */
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What comes next here; null when the server cannot be reached. @returns {Promise<{now: string, next: Next | null} | null>} */
async function ask() {
  try {
    const answer = await fetch("/api/v1/device/next", { headers: { "accept-language": island.locale } });
    if (answer.status === 401) {
      say("unpaired");
      return null;
    }
    if (answer.ok) return await answer.json();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  say("offline");
  return null;
}

/** Whether it is time to sit down. @param {Next | null} next */
function due(next) {
  return next !== null && next.ready && !next.taken && Date.parse(next.starts_at) - Date.now() - offset <= BEFORE_MS;
}

/** @param {Next | null} next */
function tell(next) {
  if (!next) say("none");
  else if (next.problem === "not-checked-in") say("notCheckedIn");
  else if (next.problem) say("problem");
  else if (next.taken) say("taken");
  else if (due(next)) say("soon");
  else say("next", words.time(next.starts_at));
}

/** Go from one part of the page to another. @param {"idle" | "talk" | "after"} part */
function turnTo(part) {
  for (const one of ["idle", "talk", "after"]) show(one, one === part);
}

/** One talk, from joining to its end. @param {Next} next */
async function join(next) {
  const { stream } = await openDevices();
  if (!stream.getTracks().length) {
    say("noCamera");
    return;
  }
  const told = { ...island, session: next.id, as: next.role, starts_at: next.starts_at };
  const talk = new Talk(told, words, stream);
  const over = /** @type {Promise<Ending>} */ (
    new Promise((resolve) => {
      talk.addEventListener("over", (event) => resolve(/** @type {CustomEvent} */ (event).detail));
    })
  );
  try {
    const entry = await askForTicket(told);
    turnTo("talk");
    await talk.enter(entry, (resume) => renewTicket(told, resume));
    const ending = await over;
    element("after-title").textContent = ending.title;
    element("after-text").textContent = ending.text;
    turnTo("after");
    await pause(THANKS_MS);
  } catch (error) {
    if (!(error instanceof EntryRefused || error instanceof CallOver)) throw error;
  } finally {
    release(stream);
    turnTo("idle");
  }
}

async function live() {
  for (;;) {
    const answer = await ask();
    if (answer) {
      offset = Date.parse(answer.now) - Date.now();
      tell(answer.next);
      if (answer.next && due(answer.next)) await join(answer.next);
    }
    await pause(ASK_EVERY_MS);
  }
}

/** One window of a device is at it, for two would put each other out of the talk. */
async function start() {
  if (!("locks" in navigator)) return live(); // no TLS: there is no camera either
  await navigator.locks.request("kiosk", { ifAvailable: true }, async (lock) => lock && live());
  say("elsewhere");
  await navigator.locks.request("kiosk", live);
}

function tick() {
  element("wall-clock").textContent = words.time(Date.now() + offset);
}

tick();
setInterval(tick, 1000);
start();
