/** What every page does a little better with scripts; each page works without. */

const PERSIAN_ZERO = 0x06f0;
const ARABIC_ZERO = 0x0660;

/**
 * Write Persian and Arabic digits as ASCII ones.
 * @param {string} text
 */
export function asciiDigits(text) {
  return text.replace(/[۰-۹٠-٩]/g, (digit) => {
    const code = digit.charCodeAt(0);
    return String(code - (code >= PERSIAN_ZERO ? PERSIAN_ZERO : ARABIC_ZERO));
  });
}

/**
 * Say something that happened, to the eye and to screen readers.
 * @param {string} text
 * @param {number} [forMs] how long it stays in sight
 */
export function announce(text, forMs = 6000) {
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.textContent = text;
  document.getElementById("announcements")?.append(toast);
  setTimeout(() => toast.remove(), forMs);
}

/** @param {SubmitEvent} event */
function sendOnce(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button[type=submit]")) button.classList.add("busy");
}

/** A page shown again by the back button may be sent again. */
function allowAgain() {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    form.removeAttribute("data-sent");
    for (const button of form.querySelectorAll(".busy")) button.classList.remove("busy");
  }
}

/** Numbers leave in ASCII digits, whichever keyboard wrote them. @param {FormDataEvent} event */
function plainNumbers(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  for (const input of form.querySelectorAll("input[inputmode=numeric], input[type=tel]")) {
    const { name } = /** @type {HTMLInputElement} */ (input);
    const value = event.formData.get(name);
    if (name && typeof value === "string") event.formData.set(name, asciiDigits(value));
  }
}

/** @param {MouseEvent} event */
function pressed(event) {
  const target = event.target instanceof Element ? event.target : null;
  const opener = target?.closest("[data-opens]");
  if (opener instanceof HTMLElement) {
    const dialog = document.getElementById(opener.dataset.opens ?? "");
    if (dialog instanceof HTMLDialogElement) dialog.showModal();
  }
  if (target?.closest("[data-print]")) print();
}

/** On a narrow page the menu scrolls sideways: where one is must be in sight. */
function showPlace() {
  const here = document.querySelector(".menu [aria-current]");
  const menu = here?.closest("ul");
  if (!here || !menu) return;
  const [place, all] = [here.getBoundingClientRect(), menu.getBoundingClientRect()];
  menu.scrollLeft += place.left + place.width / 2 - (all.left + all.width / 2);
}

document.addEventListener("submit", sendOnce);
document.addEventListener("formdata", plainNumbers);
document.addEventListener("click", pressed);
addEventListener("pageshow", allowAgain);
showPlace();
document.getElementById("error-summary")?.focus();
for (const hidden of document.querySelectorAll("[data-needs-script]")) hidden.removeAttribute("hidden");
