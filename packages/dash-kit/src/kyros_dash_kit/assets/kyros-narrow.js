/* What small screens need: tabs that show that there are more of them, and filters that are folded. */
(function () {
  "use strict";

  const kyros = (window.kyros = window.kyros || {});
  const PEEK = 36; // px of a tab's neighbour that are seen
  const narrow = matchMedia("(max-width: 520px)"); // as in kyros.css
  const byId = (id) => document.getElementById(id);
  const watcher = new ResizeObserver(() => kyros.markEdges());
  let watched = null; // the bar of tabs: Dash may make another one

  /** Scroll the bar of tabs, and nothing else, until a tab is on the screen with some of the next. */
  kyros.bringIntoBar = function (tab) {
    const bar = watch();
    const { left, right } = bar.getBoundingClientRect();
    const box = tab.getBoundingClientRect();
    bar.scrollLeft += Math.max(box.right + PEEK - right, 0) || Math.min(box.left - PEEK - left, 0);
    kyros.markEdges();
  };

  function watch() {
    const bar = byId("kyros-tabs");
    if (bar === watched) return bar;
    watcher.disconnect();
    watcher.observe(bar);
    bar.addEventListener("scroll", kyros.markEdges, { passive: true });
    return (watched = bar);
  }

  /** Say on which sides there are more tabs, for kyros.css to show it. */
  kyros.markEdges = function () {
    const bar = byId("kyros-tabs");
    if (!bar) return;
    const beyond = bar.scrollWidth - bar.clientWidth - bar.scrollLeft;
    const sides = [bar.scrollLeft > 1 && "left", beyond > 1 && "right"].filter(Boolean);
    bar.parentElement.dataset.more = sides.join(" ");
  };

  /** Where there is room the filters are open, and nothing says that they could be folded. */
  kyros.foldFilters = function () {
    const filters = byId("kyros-filters");
    if (filters) filters.open = !narrow.matches;
  };

  /** Say how many of the open tab's filters are not as they were. */
  kyros.countFilters = function (chosen) {
    const place = byId("kyros-active-filters");
    if (!place) return;
    const shown = [...document.querySelectorAll(".filter:not([hidden])")];
    const active = shown.filter((one) => chosen[one.dataset.filter ?? one.dataset.slider] !== null);
    place.textContent = active.length ? `${active.length} active` : "";
  };

  narrow.addEventListener("change", kyros.foldFilters);
})();
