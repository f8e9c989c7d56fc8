/* What the keyboard needs of components that are not ours. */
(function () {
  "use strict";

  const kyros = (window.kyros = window.kyros || {});

  /** Dash takes the focus of a drop-down by a hidden field that has no name, and hands it on. Let its
      button, which has one, be in the order of Tab itself. */
  kyros.nameFocus = function () {
    for (const field of document.querySelectorAll(".dash-dropdown-focus-target")) {
      field.tabIndex = -1;
      field.nextElementSibling.tabIndex = 0;
    }
  };

  /** What a drop-down opens is a dialogue with a list in it, and Dash names neither. They are made anew
      at each opening, and the focus goes into them: in time for the name to be read out. */
  function nameOpened(element) {
    const opened = element.closest?.(".dash-dropdown-content");
    const name = opened?.closest(".filter")?.getAttribute("aria-labelledby");
    if (!name) return;
    for (const one of [opened, ...opened.querySelectorAll("[role=listbox]")]) {
      one.setAttribute("aria-labelledby", name);
    }
  }

  document.addEventListener("focusin", (event) => nameOpened(event.target));

  // Dash puts the field back when the button loses the focus. It hears of that further in than the
  // document, and so before us; whoever types on finds all in order.
  document.addEventListener("focusout", () => kyros.nameFocus());
})();
