/* plotly.js draws what there is to draw, and only that.

   Dash's graphs are on the page before their figures, those of other tabs among them. To draw each of
   them empty takes some 20 ms a chart, before the first figure can come; so a figure that says of
   itself that it is none (see _layout.py) is not drawn. dcc.Graph asks for events right after its
   first drawing; they are kept until there is one. */
(function () {
  "use strict";

  const plotly = window.Plotly;
  if (!plotly) return;
  const react = plotly.react;
  const CELL = 28; // px that a cell and its share of the labels beside it need for two digits

  plotly.react = async function (element, figure, ...more) {
    if (figure?.layout?.meta?.isNothingYet) {
      wait(element);
      return element;
    }
    makeRoom(element, figure);
    figure = legible(element, figure);
    const events = element.kyrosEvents;
    if (events) {
      delete element.on; // plotly.js brings its own, and this
      delete element.removeAllListeners;
      delete element.kyrosEvents;
    }
    const drawn = await react.call(plotly, element, figure, ...more);
    events?.forEach(([name, listener]) => element.on(name, listener));
    return drawn;
  };

  /* A place that has its size before the drawing is in it: nothing on the page moves, and Dash, which
     watches the size, does not have it drawn once more. */
  function makeRoom(element, figure) {
    const place = element.closest(".drawing");
    const height = figure.layout?.height;
    if (place && height) place.style.height = height + "px";
  }

  /* Numbers within the cells of a map shrink with it. Where they would be too small to read, as on a
     telephone, they are left out; the colours and the labels that a touch shows say the same. */
  function legible(element, figure) {
    const isCramped = (trace) =>
      trace.texttemplate && trace.type === "heatmap" && element.clientWidth / trace.z[0].length < CELL;
    if (!figure.data?.some(isCramped)) return figure;
    const data = figure.data.map((trace) =>
      isCramped(trace) ? { ...trace, texttemplate: undefined } : trace,
    );
    return { ...figure, data };
  }

  function wait(element) {
    if (element.kyrosEvents || element._fullLayout) return;
    element.kyrosEvents = [];
    element.on = (name, listener) => element.kyrosEvents.push([name, listener]);
    element.removeAllListeners = () => (element.kyrosEvents = []);
  }
})();
