/** The watch's tiles: the time that is left goes on between two updates. */

const place = document.getElementById("tiles");
const offset = Date.parse(place?.dataset.now ?? "") - Date.now();
const locale = document.documentElement.lang;
const two = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2, useGrouping: false });

/** Write what is left on every tile. */
function tick() {
  for (const one of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-ends-at]"))) {
    const left = Math.max(0, Date.parse(one.dataset.endsAt ?? "") - Date.now() - offset);
    const whole = Math.ceil(left / 1000);
    one.textContent = `${two.format(Math.floor(whole / 60))}:${two.format(whole % 60)}`;
    one.dir = "ltr";
  }
}

tick();
setInterval(tick, 1000);

export {};
