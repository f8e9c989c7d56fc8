/* What a term means, on request: its button opens the one popover, below it or, without room, above.

   It closes by Escape, by another click anywhere, when the focus leaves the button, and when the page
   scrolls away under it. A screen reader is told what it says by its role. */
(function () {
  "use strict";

  const GAP = 6; // px between a term and its hint
  const EDGE = 12; // px between a hint and the edge of the window
  let popover = null;
  let opener = null;

  function make() {
    popover = document.createElement("div");
    popover.id = "kyros-hint";
    popover.popover = "manual";
    popover.setAttribute("role", "status");
    document.body.append(popover);
  }

  function open(button) {
    if (!popover) make();
    close();
    opener = button;
    button.setAttribute("aria-expanded", "true");
    popover.showPopover();
    popover.textContent = button.dataset.hint; // after it is shown: only then is it read out
    place(button.getBoundingClientRect());
  }

  function place(term) {
    const { clientWidth, clientHeight } = document.documentElement;
    const { width, height } = popover.getBoundingClientRect();
    const below = term.bottom + GAP;
    const isAbove = below + height + EDGE > clientHeight && term.top > height + GAP;
    const furthest = Math.max(EDGE, clientWidth - width - EDGE);
    popover.style.left = Math.min(Math.max(term.left, EDGE), furthest) + "px";
    popover.style.top = (isAbove ? term.top - GAP - height : below) + "px";
  }

  function close() {
    if (!opener) return;
    opener.setAttribute("aria-expanded", "false");
    opener = null;
    popover.textContent = "";
    popover.hidePopover();
  }

  document.addEventListener("click", (event) => {
    if (popover?.contains(event.target)) return; // its words can be marked
    const button = event.target.closest?.("[data-hint]");
    const isSame = button === opener;
    close();
    if (button && !isSame) open(button);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  document.addEventListener("focusout", (event) => {
    if (event.target === opener && !popover.matches(":hover")) close();
  });
  window.addEventListener("scroll", close, { passive: true });
  window.addEventListener("resize", close);
})();
