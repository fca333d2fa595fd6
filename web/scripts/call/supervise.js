/** A supervisor's forms, sent through the call: nobody leaves the page to pause it. */

/**
 * @typedef {import("./talk.js").Talk} Talk
 * @typedef {import("./connection.js").State} State
 */

/** @param {Talk} talk */
export function superviseBy(talk) {
  const forms = /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("#supervision form"));
  for (const form of forms) {
    form.onsubmit = (event) => {
      const { call } = talk;
      if (!call?.state) return; // not in: the plain form does it
      event.preventDefault();
      const values = new FormData(form);
      const reason = String(values.get("reason") ?? "");
      switch (form.dataset.verb) {
        case "pause":
          call.pause(reason);
          break;
        case "resume":
          call.resume();
          break;
        case "extend":
          call.extend(Number(values.get("minutes")));
          break;
        case "end":
          call.end(reason);
          break;
        case "record":
          call.record(reason);
          break;
        case "stop_recording":
          call.stopRecording();
          break;
        default:
          throw new Error(`no verb ${form.dataset.verb}`);
      }
      form.reset();
    };
  }
  let state = "";
  let recorded = "no";
  const update = () => {
    for (const form of forms) {
      const due = (form.dataset.when ?? "").split(" ").includes(state);
      const hide = !due || (form.dataset.recorded ?? recorded) !== recorded;
      if (hide && form.contains(document.activeElement)) document.getElementById("talk-title")?.focus();
      form.hidden = hide;
    }
  };
  talk.addEventListener("state", (event) => {
    ({ state } = /** @type {CustomEvent<State>} */ (event).detail);
    update();
  });
  talk.addEventListener("recording", (event) => {
    recorded = /** @type {CustomEvent<{on: boolean}>} */ (event).detail.on ? "yes" : "no";
    update();
  });
}
