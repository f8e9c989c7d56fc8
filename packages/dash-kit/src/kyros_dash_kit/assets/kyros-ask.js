/* The way to the server: an answer that nobody waits for any more is called off, a server that is
   away for a moment is waited for, and that is said; where there is nothing more to see, the shell
   says so in place of this page. */
(function () {
  "use strict";

  const kyros = (window.kyros = window.kyros || {});
  const FILL = /\/_dash-update-component$/;
  const WAITED_FOR = /\/_dash-(update-component|layout|dependencies)$/;
  const RELOAD = /\/_reload-hash$/;
  const AWAY = [502, 503, 504];
  const LONGEST_PAUSE = 4000;
  const NO_UPDATE = 204; // what Dash takes for "nothing changes"
  const plainFetch = window.fetch;
  let waiting = 0;
  let asked = null; // the question whose answer the page waits for

  kyros.isAsking = () => asked !== null;

  /* The page has one callback on the server, and its latest question is the one that counts. Dash
     ignores the answer to an earlier one; here it is called off, so that nobody works on it, and it
     cannot delay the latest. */
  async function fill(resource, options) {
    asked?.abort();
    const question = (asked = new AbortController());
    try {
      return await patiently(resource, { ...options, signal: question.signal });
    } catch (error) {
      if (!question.signal.aborted) throw error;
      return new Response(null, { status: NO_UPDATE });
    } finally {
      if (asked === question) asked = null;
    }
  }

  async function patiently(resource, options) {
    for (let pause = 500; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      const response = await plainFetch(resource, options).catch((error) => {
        if (options?.signal?.aborted) throw error;
        return null;
      });
      if (response?.status === 401) kyros.say("Your session has ended.", true);
      if (response && !AWAY.includes(response.status)) return response;
      waiting += 1;
      kyros.say("The dashboard is not answering. Trying again…", false);
      await new Promise((done) => setTimeout(done, pause));
      waiting -= 1;
      if (waiting === 0) document.getElementById("kyros-notice")?.remove();
      if (options?.signal?.aborted) throw options.signal.reason;
    }
  }

  /* Development only. Dash 4.4.1 asks whether to reload at every tick, also when the last answer is
     still on its way (its guard looks at the props of the first draw). On a busy machine these pile
     up until no connection is left for the figures; so all that ask meanwhile share one answer. */
  let reloadAnswer = null;

  function askReload(resource, options) {
    reloadAnswer ??= plainFetch(resource, options).finally(() => (reloadAnswer = null));
    return reloadAnswer.then((response) => response.clone());
  }

  /* The shell no longer lets the reader see the dashboard. Asked for the whole page, it says so in
     words; of this page nothing more is drawn. The code tells it from a refusal of the data. */
  async function unlessRefused(response) {
    if (response.status !== 404) return response;
    const answer = await response.clone().json().catch(() => null);
    if (answer?.error?.code !== "NOT_FOUND") return response;
    location.reload();
    return new Promise(() => {});
  }

  window.fetch = async function (resource, options) {
    const path = typeof resource === "string" ? resource.split("?")[0] : "";
    if (RELOAD.test(path)) return askReload(resource, options);
    if (FILL.test(path)) return unlessRefused(await fill(resource, options));
    const way = WAITED_FOR.test(path) ? patiently : plainFetch;
    return unlessRefused(await way(resource, options));
  };

  /** Say something at the foot of the page; `ended` offers to sign in again. */
  kyros.say = function (text, ended) {
    let element = document.getElementById("kyros-notice");
    if (!element) {
      element = document.createElement("div");
      element.id = "kyros-notice";
      element.setAttribute("role", "status");
      document.body.append(element);
    }
    element.textContent = text + " ";
    if (!ended) return;
    kyros.tellShell({ type: "kyros:session" }); // it looks for itself, and leads to sign-in
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Sign in again";
    button.addEventListener("click", () => window.top.location.reload());
    element.append(button);
  };
})();
