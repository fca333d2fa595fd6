/** The call's page: check, then the waiting room and the talk, then what came of it. */

import { Bench } from "./bench.js";
import { Check } from "./check.js";
import { askForTicket, EntryRefused, PASSING, renewTicket } from "./entry.js";
import { CallOver } from "./connection.js";
import { element, readIsland, show, Words } from "./island.js";
import { superviseBy } from "./supervise.js";
import { Talk } from "./talk.js";

/** @typedef {import("./talk.js").Ending} Ending */

const ASK_AGAIN_MS = 5000;

const island = readIsland();
const words = new Words(island);
const sends = !["supervisor", "observer"].includes(island.as);
const check = sends ? new Check(words) : null;
/** @type {Talk | null} */
let talk = null;
let entering = false;

/** Go from one part of the page to another, and put the reader there. @param {"check" | "talk" | "after"} part */
function turnTo(part) {
  for (const one of ["check", "talk", "after"]) show(one, one === part);
  document.body.classList.toggle("call", part === "talk" || (part === "after" && !sends));
  document.getElementById(`${part}-title`)?.focus();
}

async function enter() {
  if (entering) return;
  entering = true;
  notice(words.say("entering"));
  try {
    const entry = await askForTicket(island);
    await check?.stopMeter();
    talk = new Talk(island, words, check?.stream ?? new MediaStream());
    talk.addEventListener("over", (event) => over(/** @type {CustomEvent<Ending>} */ (event).detail));
    if (document.getElementById("supervision")) superviseBy(talk);
    if (document.getElementById("bench")) new Bench(island, words, talk);
    turnTo("talk");
    notice("");
    await talk.enter(entry, (resume) => renewTicket(island, resume));
  } catch (error) {
    if (error instanceof EntryRefused) refused(error);
    else if (!(error instanceof CallOver)) throw error; // `over` has shown why
  } finally {
    entering = false;
  }
}

/** @param {EntryRefused} refusal */
function refused(refusal) {
  const passes = PASSING.has(refusal.code);
  const text = [refusal.message, passes ? words.say("try_again_soon") : ""].join(" ");
  if (sends) {
    turnTo("check");
    notice(text);
  } else {
    element("talk-notice").textContent = text;
    show("talk-notice", true);
  }
  if (passes) setTimeout(enter, ASK_AGAIN_MS);
}

/** @param {Ending} ending */
function over(ending) {
  element("after-title").textContent = ending.title;
  element("after-text").textContent = ending.text;
  show("enter-again", ending.again);
  turnTo("after");
  if (!ending.again) check?.stop();
}

/** @param {string} text */
function notice(text) {
  const place = document.getElementById("entry-notice");
  if (!place) return;
  place.textContent = text;
  place.hidden = text === "";
}

/** Ask before leaving: who presses by mistake loses time. */
function leave() {
  const dialog = document.getElementById("leaving");
  if (!(dialog instanceof HTMLDialogElement)) {
    talk?.leave();
    return;
  }
  dialog.onclose = () => dialog.returnValue === "leave" && talk?.leave();
  dialog.returnValue = "stay";
  dialog.showModal();
}

/** The entrance opens some time before; until then the page waits with the reader. */
function waitForEntrance() {
  const wait = Date.parse(island.opens_at) - Date.parse(island.now);
  const button = /** @type {HTMLButtonElement} */ (element("enter"));
  button.onclick = enter;
  if (wait <= 0) return;
  button.disabled = true;
  notice(words.say("opens_at", { time: words.time(island.opens_at) }));
  setTimeout(() => {
    button.disabled = false;
    notice("");
  }, wait);
}

element("enter-again").onclick = async () => {
  if (check && !check.stream.getTracks().some((track) => track.readyState === "live")) await check.run();
  await enter();
};
element("tool-leave").onclick = leave;
if (check) {
  waitForEntrance();
  check.run();
} else {
  enter();
}
