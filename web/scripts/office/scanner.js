/**
 * Read the QR code of a slip with the camera and find its visit, as if it had been typed.
 * Pictures stay in the page; the camera runs only while its window is open.
 */

import { release, why } from "../call/devices.js";

/** @typedef {{ detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]> }} Detector */
/** @typedef {{ new (wish: { formats: string[] }): Detector, getSupportedFormats(): Promise<string[]> }} DetectorClass */

const LOOK_EVERY_MS = 150;
const WISH = { video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } } };

const scanner = /** @type {HTMLDialogElement} */ (document.getElementById("scanner"));
const video = /** @type {HTMLVideoElement} */ (scanner.querySelector("video"));
const told = /** @type {HTMLElement} */ (scanner.querySelector("[role=status]"));
const field = /** @type {HTMLInputElement} */ (document.getElementById("q"));
/** @type {Detector | null} */
let detector = null;
/** @type {MediaStream | null} */
let stream = null;
/** @type {number | undefined} */
let timer;

/** The browser's own reader where it knows QR codes, else the one that we ship. */
async function reader() {
  const own = /** @type {DetectorClass | undefined} */ (Reflect.get(globalThis, "BarcodeDetector"));
  if (own && (await own.getSupportedFormats()).includes("qr_code")) return own;
  const shipped = await import(scanner.dataset.reader ?? "");
  return /** @type {DetectorClass} */ (shipped.BarcodeDetector);
}

/** @param {string} text which of the page's texts, by its name */
function say(text) {
  told.textContent = scanner.dataset[text] ?? "";
}

async function open() {
  say("aim");
  scanner.showModal();
  if (!navigator.mediaDevices) return say("insecure");
  try {
    stream = await navigator.mediaDevices.getUserMedia(WISH);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return say(why(error, "none"));
  }
  if (!scanner.open) return close();
  video.srcObject = stream;
  await video.play();
  detector ??= new (await reader())({ formats: ["qr_code"] });
  if (scanner.open) timer = setTimeout(look, LOOK_EVERY_MS);
}

async function look() {
  const ready = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
  const [found] = ready && detector ? await detector.detect(video) : [];
  if (!scanner.open) return;
  if (!found) {
    timer = setTimeout(look, LOOK_EVERY_MS);
    return;
  }
  say("found");
  scanner.close();
  field.value = found.rawValue;
  field.form?.requestSubmit();
}

/** Let go of the camera, however the window was closed. */
function close() {
  clearTimeout(timer);
  release(stream);
  stream = null;
  video.srcObject = null;
}

document.getElementById("scan")?.addEventListener("click", open);
scanner.addEventListener("close", close);
addEventListener("pagehide", close);
