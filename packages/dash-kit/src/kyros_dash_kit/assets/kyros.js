/* The part of a dashboard that only the browser can do. Loaded before Dash's renderer. */
(function () {
  "use strict";

  const STATE = "kyros-state";

  /** The theme that the head's script chose from ?theme= or the system. */
  function theme() {
    return document.documentElement.dataset.theme;
  }

  /* What the URL said of each filter when it was last read or written. */
  let known = null;

  /**
   * Keep the filters and the URL the same, whichever changed, and tell the server's callback.
   * Inputs are the URL's query and each filter's value; a filter's id is its parameter.
   */
  function sync() {
    const inputs = window.dash_clientside.callback_context.inputs_list.slice(1);
    const query = new URLSearchParams(location.search);
    const unchanged = window.dash_clientside.no_update;
    const inUrl = inputs.map((input) => query.get(input.id));
    // Filters have no value yet when the page is drawn: at first, and after the server's reload.
    const early = known === null || inputs.some((input) => input.value === undefined);
    const moved = early || inUrl.some((value, position) => value !== known[position]);
    if (moved) {
      // A drop-down forgets a value that is not among its options, and they are not there yet.
      const options = inUrl.map((value) =>
        early && value !== null ? [{ value, label: value }] : unchanged,
      );
      known = inUrl;
      return [state(inputs), unchanged, ...known, ...options];
    }
    known = inputs.map((input) => input.value ?? null);
    inputs.forEach((input, position) => {
      if (known[position] === null) query.delete(input.id);
      else query.set(input.id, known[position]);
    });
    const text = query.toString();
    return [state(inputs), text ? "?" + text : "", ...inputs.flatMap(() => [unchanged, unchanged])];
  }

  function state(inputs) {
    const values = inputs.map((input, position) => [input.id, known[position]]);
    return { theme: theme(), ...Object.fromEntries(values) };
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, { kyros: { sync } });

  /* The system went dark while the page was open, and the URL does not say which is wanted. */
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => {
    if (new URLSearchParams(location.search).has("theme")) return;
    document.documentElement.dataset.theme = event.matches ? "dark" : "light";
    const query = new URLSearchParams(location.search);
    const state = Object.fromEntries(query.entries());
    window.dash_clientside.set_props(STATE, { data: Object.assign(state, { theme: theme() }) });
  });

  /* A dashboard that is restarted is away for a moment: wait for it, and say so, rather than
     leave the reader with a chart that does not follow the filters. */
  const WAITED_FOR = /\/_dash-(update-component|layout|dependencies)$/;
  const AWAY = [502, 503, 504];
  const LONGEST_PAUSE = 4000;
  const plainFetch = window.fetch;
  let waiting = 0;

  /* Development only. Dash 4.4.1 asks whether to reload at every tick, also when the last answer is
     still on its way (its guard looks at the props of the first draw). On a busy machine these pile
     up until no connection is left for the figures; so all that ask meanwhile share one answer. */
  const RELOAD = /\/_reload-hash$/;
  let reloadAnswer = null;

  function askReload(resource, options) {
    reloadAnswer ??= plainFetch(resource, options).finally(() => (reloadAnswer = null));
    return reloadAnswer.then((response) => response.clone());
  }

  window.fetch = async function (resource, options) {
    const path = typeof resource === "string" ? resource.split("?")[0] : "";
    if (RELOAD.test(path)) return askReload(resource, options);
    if (!WAITED_FOR.test(path)) return plainFetch(resource, options);
    for (let pause = 500; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      const response = await plainFetch(resource, options).catch((error) => {
        if (options && options.signal && options.signal.aborted) throw error;
        return null;
      });
      if (response && response.status === 401) notice("Your session has ended.", true);
      if (response && !AWAY.includes(response.status)) return response;
      waiting += 1;
      notice("The dashboard is not answering. Trying again…", false);
      await new Promise((done) => setTimeout(done, pause));
      waiting -= 1;
      if (waiting === 0) clearNotice();
    }
  };

  function notice(text, ended) {
    let element = document.getElementById("kyros-notice");
    if (!element) {
      element = document.createElement("div");
      element.id = "kyros-notice";
      element.setAttribute("role", "status");
      document.body.append(element);
    }
    element.textContent = text + " ";
    if (!ended) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Sign in again";
    button.addEventListener("click", () => window.top.location.reload());
    element.append(button);
  }

  function clearNotice() {
    const element = document.getElementById("kyros-notice");
    if (element) element.remove();
  }
})();
