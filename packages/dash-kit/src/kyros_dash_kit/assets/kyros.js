/* What the reader chooses, and the URL that says it. Loaded before Dash's renderer.

   Everything that can be chosen (tab, filters, sliders, what was clicked) is a parameter of the
   URL. `chosen` holds what it says; each change goes through `choose`, which writes the URL, sets
   the control and tells the server's one callback by way of the store `kyros-state`. */
(function () {
  "use strict";

  const STATE = "kyros-state";
  const TYPING = 250; // ms without a key before a search starts
  const SETTLED = 200; // ms without a move before a slider is in the URL
  const kyros = (window.kyros = window.kyros || {});
  let chosen = null; // by parameter, `tab` among them; null for what was left open
  let defaults = {}; // what the server says an open filter stands for
  let controls = {}; // what each drop-down shows
  let urlTimer, typingTimer;
  let revealed = null; // the parameter whose panel is to be brought onto the screen
  let opener = null; // what had the focus when a panel was opened

  const byId = (id) => document.getElementById(id);
  const page = () => byId("kyros-page");
  const words = (text) => (text ? text.split(" ") : []);
  const tabs = () => words(page().dataset.tabs);
  const parameters = () => words(page().dataset.parameters);
  const openTab = () => chosen.tab ?? tabs()[0];
  const setProps = (id, props) => window.dash_clientside.set_props(id, props);
  const slider = (parameter) => document.querySelector(`[data-slider="${parameter}"]`);
  /** Where a slider stands that is not moved: the tenant's own setting, once an answer says it. */
  const rest = (range) => defaults[range.dataset.slider] ?? range.dataset.default;

  /** The theme that the head's script chose from ?theme= or the system. */
  const theme = () => document.documentElement.dataset.theme;

  function readUrl() {
    const query = new URLSearchParams(location.search);
    const values = parameters().map((name) => [name, query.get(name) || null]);
    const tab = tabs().slice(1).find((name) => name === query.get("tab"));
    return { ...Object.fromEntries(values), tab: tab ?? null };
  }

  /** The URL's query with what is chosen; what is not ours, such as the theme, stays. */
  function queryText() {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(chosen)) {
      if (value === null) query.delete(name);
      else query.set(name, value);
    }
    return query.toString();
  }

  function writeUrl(replace) {
    clearTimeout(urlTimer);
    kyros.writeQuery(queryText(), replace);
  }

  const state = () => ({ ...chosen, theme: theme(), tab: openTab() });

  /** Ask the server for what is chosen now. A slider's moves wait for the answer on its way, so
      that figures follow a hand that does not stop; anything else takes its place. */
  function send(patient) {
    busy(true);
    if (patient && kyros.isAsking()) {
      kyros.whenAnswered = () => setProps(STATE, { data: state() });
      return;
    }
    kyros.whenAnswered = null;
    setProps(STATE, { data: state() });
  }

  function busy(is) {
    byId("kyros-content").setAttribute("aria-busy", String(is));
  }

  /**
   * Change what is chosen.
   * @param changes the new values, by parameter; null clears one.
   * @param how `replace` the URL's entry in the history, be `patient`, or `quiet`: ask nothing.
   */
  function choose(changes, how = {}) {
    const names = Object.keys(changes).filter((name) => changes[name] !== chosen[name]);
    if (!names.length) return;
    names.forEach((name) => (chosen[name] = changes[name]));
    if (how.patient) {
      clearTimeout(urlTimer); // browsers refuse too many changes of the URL in a short time
      urlTimer = setTimeout(() => writeUrl(true), SETTLED);
    } else {
      writeUrl(how.replace);
    }
    names.forEach(setControl);
    const opened = names.find((name) => chosen[name] !== null && byId(name + "-panel"));
    if (opened) {
      revealed = opened;
      opener = document.activeElement;
    }
    if (names.includes("tab")) showTab();
    else kyros.countFilters(chosen);
    kyros.refreshGrids();
    if (!how.quiet) send(how.patient);
  }

  /** Make a control show what is chosen. */
  function setControl(name) {
    const range = slider(name);
    if (range) {
      const value = chosen[name] ?? rest(range);
      const input = range.querySelector("input");
      if (input.value !== value) setProps(name, { value });
      paintSlider(range, value);
    } else if (name in controls) {
      const value = chosen[name] ?? defaults[name] ?? null;
      if (controls[name] === value) return;
      controls[name] = value;
      setProps(name, { value });
    } else if (byId(name)?.type === "search" && byId(name).value !== (chosen[name] ?? "")) {
      setProps(name, { value: chosen[name] ?? "" });
    }
  }

  function paintSlider(range, value) {
    const { minimum, maximum } = { minimum: +range.querySelector("input").min, maximum: +range.querySelector("input").max };
    const text = Number(value).toLocaleString("en-GB") + (range.dataset.unit ? "\u00a0" + range.dataset.unit : "");
    range.querySelector(".slider-value").textContent = text;
    range.querySelector("input").setAttribute("aria-valuetext", text);
    range.style.setProperty("--share", (value - minimum) / (maximum - minimum));
  }

  function showTab() {
    const open = openTab();
    for (const name of tabs()) {
      const button = byId("kyros-tab-" + name);
      button.setAttribute("aria-selected", String(name === open));
      button.tabIndex = name === open ? 0 : -1;
      byId("kyros-tab-panel-" + name).hidden = name !== open;
    }
    kyros.bringIntoBar(byId("kyros-tab-" + open));
    for (const filter of document.querySelectorAll(".filter[data-tabs]")) {
      const on = words(filter.dataset.tabs);
      filter.hidden = on.length > 0 && !on.includes(open);
    }
    kyros.countFilters(chosen);
    kyros.showGrids();
  }

  /* Called by Dash */

  /** Draw the page as the URL says: at first, and after the server's reload. */
  function start() {
    chosen = readUrl();
    const outputs = window.dash_clientside.callback_context.outputs_list.slice(1);
    const values = outputs
      .filter((output) => output.property === "value")
      .map(({ id }) => {
        if (slider(id)) paintSlider(slider(id), chosen[id] ?? rest(slider(id)));
        return chosen[id] ?? (slider(id) ? rest(slider(id)) : isSearch(id) ? "" : null);
      });
    // A drop-down forgets a value that is not among its options, and they are not there yet.
    const options = outputs
      .filter((output) => output.property.startsWith("options"))
      .map(({ id }) => {
        controls[id] = chosen[id];
        return chosen[id] === null
          ? window.dash_clientside.no_update
          : [{ value: chosen[id], label: chosen[id] }];
      });
    kyros.foldFilters();
    showTab();
    busy(true);
    kyros.tellShell({ type: "kyros:ready" });
    return [state(), ...values, ...options];
  }

  const isSearch = (id) => byId(id)?.type === "search";

  /** A drop-down changed. */
  function choice() {
    if (!chosen) return;
    const changes = {};
    let replace = false;
    for (const { id, value } of window.dash_clientside.callback_context.inputs_list) {
      const now = value ?? null;
      if (controls[id] === undefined || now === controls[id]) continue;
      controls[id] = now;
      changes[id] = now === (defaults[id] ?? null) ? null : now;
      // Dash empties a drop-down whose value is offered no more; nobody else empties one that has a
      // default. What follows from a step of the reader's is no step of its own on the way back.
      replace ||= now === null && id in defaults;
    }
    choose(changes, { replace });
  }

  /** An answer is on the page. */
  function shown(answer) {
    if (!answer) return;
    defaults = answer.defaults ?? {};
    byId("kyros-tab-panel-" + answer.tab).dataset.filled = "yes";
    parameters().forEach(setControl);
    kyros.nameFocus();
    reveal();
    if (kyros.whenAnswered) {
      const next = kyros.whenAnswered;
      kyros.whenAnswered = null;
      next();
    } else if (!kyros.isAsking()) {
      busy(false);
    }
  }

  /** Bring the panel of what was just chosen onto the screen; the focus stays where it is. */
  function reveal() {
    const panel = byId(revealed + "-panel");
    if (!panel || panel.hidden) return;
    revealed = null;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    panel.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
  }

  /** Close a panel, and go back to what opened it. */
  function closePanel(parameter) {
    choose({ [parameter]: null });
    if (opener?.isConnected) opener.focus({ preventScroll: true });
    opener = null;
  }

  /** A point of a chart was clicked: choose what it stands for, or no longer. */
  function click(clickData) {
    const { id } = window.dash_clientside.callback_context.inputs_list[0];
    const parameter = byId(id + "-place").dataset.click;
    const custom = clickData?.points?.[0]?.customdata;
    const value = Array.isArray(custom) ? custom[0] : custom;
    if (value === undefined || value === null || value === "") return;
    const text = String(value);
    choose({ [parameter]: chosen[parameter] === text ? null : text });
  }

  /* Done by the reader */

  document.addEventListener("click", (event) => {
    const tab = event.target.closest(".tab");
    if (tab) openTabOf(tab);
    const close = event.target.closest("[data-close]");
    if (close) closePanel(close.dataset.close);
    if (event.target.closest("[data-clear]")) clearAll();
  });

  /** Leave everything open but the tab: an old link may name what its data no longer have. */
  function clearAll() {
    choose(Object.fromEntries(parameters().map((name) => [name, null])));
    byId("kyros-tab-" + openTab()).focus(); // the button that had it goes
  }

  function openTabOf(tab) {
    choose({ tab: tab.dataset.tab === tabs()[0] ? null : tab.dataset.tab });
  }

  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest?.(".tab");
    if (!tab) return;
    const all = tabs();
    const at = all.indexOf(tab.dataset.tab);
    const to = {
      ArrowRight: (at + 1) % all.length,
      ArrowLeft: (at + all.length - 1) % all.length,
      Home: 0,
      End: all.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = byId("kyros-tab-" + all[to]);
    next.focus();
    openTabOf(next);
  });

  document.addEventListener("input", (event) => {
    const range = event.target.closest?.("[data-slider]");
    if (range) {
      const value = event.target.value;
      paintSlider(range, value);
      const isDefault = Number(value) === Number(rest(range));
      choose({ [range.dataset.slider]: isDefault ? null : value }, { patient: true });
    } else if (event.target.type === "search") {
      const { id, value } = event.target;
      clearTimeout(typingTimer);
      typingTimer = setTimeout(
        () => choose({ [id]: value.trim() || null }, { replace: true, quiet: true }),
        TYPING,
      );
    }
  });

  /** Show what the URL says now. */
  function follow() {
    clearTimeout(urlTimer);
    if (!chosen) return;
    const before = chosen;
    chosen = readUrl();
    if (Object.keys(chosen).every((name) => chosen[name] === before[name])) return;
    Object.keys(chosen).forEach(setControl);
    showTab();
    kyros.refreshGrids();
    send();
  }

  window.addEventListener("popstate", follow);

  Object.assign(kyros, { choose, openTab, busy, queryText, follow, send, chosen: () => chosen });
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    kyros: { start, choice, shown, click },
  });
})();
