/** The room board: visits are moved by dragging or by keys; the form they send does the work. */

import { announce } from "../base.js";

const STEP_MIN = 15;
const MINUTE_MS = 60_000;
const HOUR_MIN = 60;

const rooms = /** @type {HTMLElement} */ (document.getElementById("rooms"));
const form = /** @type {HTMLFormElement} */ (document.getElementById("mover"));
const told = /** @type {HTMLElement} */ (document.getElementById("moving"));
const rightToLeft = document.documentElement.dir === "rtl";
const clock = new Intl.DateTimeFormat(document.documentElement.lang, {
  timeZone: "Asia/Tehran",
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
});

/**
 * A visit on its way: where it was, and where it would go.
 * @typedef {{ item: HTMLElement, home: HTMLElement, track: HTMLElement, was: number, at: number }} Carried
 */

/** @type {Carried | null} */
let carried = null;

/** @param {string} written a clock without its colon, such as 0830 */
function minutesOf(written) {
  return Number(written.slice(0, 2)) * HOUR_MIN + Number(written.slice(2));
}

function hours() {
  const board = /** @type {HTMLElement} */ (rooms.querySelector(".board"));
  return {
    start: Date.parse(board.dataset.start ?? ""),
    from: minutesOf(board.dataset.from ?? "0000"),
    until: minutesOf(board.dataset.until ?? "2400"),
  };
}

/** @param {HTMLElement} item */
function startOf(item) {
  const { start, from } = hours();
  return from + (Date.parse(item.dataset.starts ?? "") - start) / MINUTE_MS;
}

/** @param {Carried} moving @param {number} at minutes of the day */
function within(moving, at) {
  const { from, until } = hours();
  return Math.min(Math.max(at, from), until - Number(moving.item.dataset.minutes));
}

/** @param {HTMLElement} item */
function pickUp(item) {
  const track = /** @type {HTMLElement} */ (item.parentElement);
  const was = startOf(item);
  carried = { item, home: track, track, was, at: was };
  item.classList.add("moving");
}

/** @param {HTMLElement} track @param {number} at */
function carry(track, at) {
  if (!carried) return;
  carried.track = track;
  carried.at = within(carried, at);
  carried.item.style.setProperty("--at", String(carried.at));
  if (carried.item.parentElement !== track) track.append(carried.item);
  say(carried);
}

/** @param {Carried} moving */
function say(moving) {
  const { start, from } = hours();
  const time = clock.format(new Date(start + (moving.at - from) * MINUTE_MS));
  const name = moving.item.querySelector("strong")?.textContent ?? "";
  told.textContent = (told.dataset.carry ?? "")
    .replace("{name}", name)
    .replace("{room}", moving.track.dataset.name ?? "")
    .replace("{time}", time);
  told.hidden = false;
}

function putDown() {
  if (!carried) return;
  const { item, home, track, was, at } = carried;
  if (track === home && at === was) {
    leave();
    return;
  }
  const { start, from } = hours();
  form.action = item.dataset.move ?? "";
  field("starts_at").value = new Date(start + (at - from) * MINUTE_MS).toISOString();
  field("room_id").value = track.dataset.room ?? "";
  form.requestSubmit();
}

/** @param {string} name */
function field(name) {
  return /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
}

function leave() {
  if (!carried) return;
  const { item, home } = carried;
  item.classList.remove("moving");
  item.style.removeProperty("--at");
  if (item.parentElement !== home) home.append(item);
  carried = null;
  told.hidden = true;
  announce(told.dataset.left ?? "");
  item.querySelector("a")?.focus();
}

/** @param {DragEvent} event @param {HTMLElement} track */
function minuteUnder(event, track) {
  const box = track.getBoundingClientRect();
  const { from, until } = hours();
  const along = (rightToLeft ? box.right - event.clientX : event.clientX - box.left) / box.width;
  return from + along * (until - from);
}

/** Minutes between a visit's start and where the pointer took hold of it. */
let grip = 0;

rooms.addEventListener("dragstart", (event) => {
  const item = event.target instanceof HTMLElement ? event.target.closest(".board-item") : null;
  if (!(item instanceof HTMLElement) || !item.dataset.move) return;
  pickUp(item);
  grip = minuteUnder(event, /** @type {HTMLElement} */ (item.parentElement)) - startOf(item);
  event.dataTransfer?.setData("text/plain", item.id);
});

rooms.addEventListener("dragover", (event) => {
  const track = event.target instanceof Element ? event.target.closest("[data-room]") : null;
  if (!carried || !(track instanceof HTMLElement)) return;
  event.preventDefault();
  const at = minuteUnder(event, track) - grip;
  carry(track, Math.round(at / STEP_MIN) * STEP_MIN);
});

rooms.addEventListener("drop", (event) => {
  if (!carried) return;
  event.preventDefault();
  putDown();
});

rooms.addEventListener("dragend", (event) => {
  if (event.dataTransfer?.dropEffect === "none") leave();
});

/** @param {HTMLElement} track @param {number} by */
function neighbour(track, by) {
  const tracks = /** @type {HTMLElement[]} */ ([...rooms.querySelectorAll("[data-room]")]);
  return tracks[tracks.indexOf(track) + by] ?? track;
}

rooms.addEventListener("keydown", (event) => {
  const link = event.target instanceof HTMLElement ? event.target.closest(".board-item") : null;
  if (!(link instanceof HTMLElement)) return;
  if (!carried) {
    if (event.code !== "KeyM" || !link.dataset.move) return;
    event.preventDefault();
    pickUp(link);
    if (carried) say(carried);
    return;
  }
  const later = rightToLeft ? "ArrowLeft" : "ArrowRight";
  const earlier = rightToLeft ? "ArrowRight" : "ArrowLeft";
  const { track, at, item } = carried;
  if (event.key === later) carry(track, at + STEP_MIN);
  else if (event.key === earlier) carry(track, at - STEP_MIN);
  else if (event.key === "ArrowUp") carry(neighbour(track, -1), at);
  else if (event.key === "ArrowDown") carry(neighbour(track, 1), at);
  else if (event.key === "Enter") putDown();
  else if (event.key === "Escape" || event.key === "Tab") leave();
  else return;
  event.preventDefault();
  if (carried) item.querySelector("a")?.focus();
});

// What is being carried is not swapped away under the hand.
rooms.addEventListener("htmx:sse:before:message", (event) => {
  if (carried) event.preventDefault();
});
