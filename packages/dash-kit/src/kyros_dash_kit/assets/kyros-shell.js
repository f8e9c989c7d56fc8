/* The URL and the theme, which a page within the shell shares with it.

   There the URL that people see is the shell's. Each change is told to the shell, which keeps the
   history, so that Back is one step; it tells back where to go, and which theme was chosen. Messages
   pass between pages of this host only. */
(function () {
  "use strict";

  const kyros = (window.kyros = window.kyros || {});
  const shell = window.parent === window ? null : window.parent;
  const darkness = matchMedia("(prefers-color-scheme: dark)");
  const parameters = () => new URLSearchParams(location.search);

  kyros.tellShell = function (message) {
    shell?.postMessage(message, location.origin);
  };

  /** Put a query into the URL, by an entry of its own in the history unless it is to `replace`. */
  kyros.writeQuery = function (text, replace) {
    if (text === parameters().toString()) return;
    put(text, replace || shell);
    const outer = parameters();
    outer.delete("theme"); // the person's, not the view's
    kyros.tellShell({ type: "kyros:url", search: outer.toString(), replace: Boolean(replace) });
  };

  function put(text, replace) {
    const address = location.pathname + (text ? "?" + text : "") + location.hash;
    history[replace ? "replaceState" : "pushState"](null, "", address);
  }

  /** Go where the shell's history went. */
  function go(search) {
    const query = new URLSearchParams(search);
    const theme = parameters().get("theme");
    if (theme) query.set("theme", theme);
    put(query.toString(), true);
    kyros.follow();
  }

  /** Wear the theme that was chosen in the shell; the system's when none was. */
  function wear(theme) {
    const query = parameters();
    if (theme) query.set("theme", theme);
    else query.delete("theme");
    put(query.toString(), true);
    show(theme || (darkness.matches ? "dark" : "light"));
  }

  function show(theme) {
    if (document.documentElement.dataset.theme === theme) return;
    document.documentElement.dataset.theme = theme;
    if (kyros.chosen()) kyros.send();
  }

  window.addEventListener("message", ({ data, origin, source }) => {
    if (!shell || source !== shell || origin !== location.origin) return;
    if (data?.type === "kyros:go") go(data.search);
    if (data?.type === "kyros:theme") wear(data.theme);
  });

  /* The system went dark while the page was open, and the URL does not say which is wanted. */
  darkness.addEventListener("change", (event) => {
    if (!parameters().has("theme")) show(event.matches ? "dark" : "light");
  });
})();
