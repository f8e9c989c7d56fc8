/* Grids: loaded when their tab is opened, read page by page as the reader scrolls. */
(function () {
  "use strict";

  const kyros = (window.kyros = window.kyros || {});
  const PAGE_SIZE = 100;
  const MOST_LOOKS = 2000; // half a minute
  const byId = (id) => document.getElementById(id);
  const grids = {}; // by id: what is known of each
  let scripts = null;

  const prefix = () =>
    JSON.parse(byId("_dash-config").textContent).requests_pathname_prefix;

  function loadScripts() {
    scripts ??= Promise.all(
      JSON.parse(byId("kyros-grid-scripts").textContent).map(
        (source) =>
          new Promise((resolve, reject) => {
            const element = document.createElement("script");
            element.src = source;
            element.async = false;
            element.onload = resolve;
            element.onerror = () => reject(new Error("A script of the grid did not come."));
            document.head.append(element);
          }),
      ),
    ).catch((error) => {
      scripts = null; // try again when the tab is opened again
      throw error;
    });
    return scripts;
  }

  /** Draw the grids of the open tab that are not there yet. */
  kyros.showGrids = function () {
    const panel = byId("kyros-tab-panel-" + kyros.openTab());
    for (const place of panel.querySelectorAll("[data-grid]")) {
      const about = JSON.parse(place.dataset.grid);
      const known = grids[about.grid];
      if (known?.place === place) continue;
      const grid = (grids[about.grid] = { ...about, place });
      draw(grid).catch((error) => {
        delete grids[about.grid];
        fail(grid, () => kyros.showGrids());
        throw error;
      });
    }
    kyros.refreshGrids();
  };

  /** Read grids anew whose rows depend on what changed. */
  kyros.refreshGrids = function () {
    for (const grid of Object.values(grids)) {
      if (!grid.api || !grid.place.isConnected) continue;
      grid.api.redrawRows(); // which row is chosen
      const visible = grid.place.closest(".tab-panel").hidden === false;
      if (visible && grid.asked !== question(grid)) read(grid);
    }
  };

  /** The URL's parameters that decide which rows there are. */
  function question(grid) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(kyros.chosen())) {
      if (value !== null && name !== grid.click && name !== "tab") query.set(name, value);
    }
    query.set("_grid", grid.grid);
    return query.toString();
  }

  const address = (grid, more) =>
    `${prefix()}_kyros-rows?${question(grid)}&${new URLSearchParams(more)}`;

  async function draw(grid) {
    await loadScripts();
    const component = { type: "AgGrid", namespace: "dash_ag_grid", props: gridProps(grid) };
    window.dash_clientside.set_props(grid.grid + "-holder", { children: component });
    const api = await ready(grid.grid);
    api.setGridOption("rowClassRules", {
      chosen: (row) => row.data && row.data._key === kyros.chosen()[grid.click],
    });
    api.addEventListener("cellClicked", (event) => pick(grid, event.data));
    api.addEventListener("cellKeyDown", (event) => {
      if (event.event.key === "Enter") pick(grid, event.data);
    });
    api.addEventListener("sortChanged", () => linkCsv(grid));
    grid.api = api;
    read(grid);
  }

  /** The grid's own getApiAsync answers before the component has put its own source of rows into
      the grid, which would then take the place of ours. */
  async function ready(id) {
    for (let looked = 0; looked < MOST_LOOKS; looked += 1) {
      const api = find(id);
      if (api?.getGridOption("datasource")) return api;
      await new Promise((done) => setTimeout(done, 16));
    }
    throw new Error("The grid did not start.");
  }

  function find(id) {
    try {
      return window.dash_ag_grid.getApi(id);
    } catch {
      return null; // it says that there is none yet
    }
  }

  function gridProps(grid) {
    return {
      id: grid.grid,
      className: "grid",
      style: { height: "100%" },
      rowModelType: "infinite",
      columnSize: "responsiveSizeToFit",
      columnDefs: grid.columns.map((column) => ({
        field: column.field,
        headerName: column.title,
        type: column.isText ? undefined : "rightAligned",
        width: column.width || undefined,
        // Many columns scroll sideways; a number that is cut short would be a wrong one.
        minWidth: Math.max(90, column.width),
      })),
      defaultColDef: {
        sortable: true,
        resizable: true,
        suppressMovable: true,
        filter: false,
        wrapHeaderText: true,
        autoHeaderHeight: true,
      },
      dashGridOptions: {
        cacheBlockSize: PAGE_SIZE,
        maxBlocksInCache: 20,
        blockLoadDebounceMillis: 60,
        infiniteInitialRowCount: 1,
        suppressCellFocus: false,
        suppressMultiSort: true,
        rowHeight: 34,
        headerHeight: 38,
        animateRows: false,
        enableCellTextSelection: true,
        alwaysShowVerticalScroll: false,
        localeText: { noRowsToShow: "Nothing matches" },
      },
    };
  }

  /** Start anew at the first row. */
  function read(grid) {
    grid.asked = question(grid);
    const asked = grid.asked;
    linkCsv(grid);
    grid.api.setGridOption("datasource", {
      async getRows(params) {
        const order = params.sortModel[0];
        const sort = order ? (order.sort === "desc" ? "-" : "") + order.colId : "";
        try {
          const found = await ask(grid, sort, params.startRow, params.endRow);
          if (grid.asked !== asked) return; // other rows were asked for meanwhile
          const isUnsaid = !sort && found.sort;
          if (isUnsaid) showSort(grid, found); // asks again, and is shown what comes then
          params.successCallback(found.rows, found.total);
          if (!isUnsaid) say(grid, found);
        } catch {
          params.failCallback();
          if (grid.asked === asked) fail(grid, () => read(grid));
        }
      },
    });
  }

  /** Show by which column the rows are in order when the reader has chosen none. The grid asks for
      them again then, and is given what has come already. */
  function showSort(grid, found) {
    const colId = found.sort.replace("-", "");
    grid.came = { sort: found.sort, asked: grid.asked, found };
    const state = [{ colId, sort: found.sort.startsWith("-") ? "desc" : "asc" }];
    grid.api.applyColumnState({ state, defaultState: { sort: null } });
  }

  async function ask(grid, sort, from, to) {
    const { came } = grid;
    grid.came = null;
    if (came && from === 0 && came.sort === sort && came.asked === grid.asked) return came.found;
    const more = { _offset: from, _limit: to - from };
    if (sort) more._sort = sort;
    const response = await fetch(address(grid, more), { headers: { Accept: "application/json" } });
    if (response.status === 401) kyros.say("Your session has ended.", true);
    if (!response.ok) throw new Error(String(response.status));
    return await response.json();
  }

  const holder = (grid) => byId(grid.grid + "-holder");

  function say(grid, found) {
    holder(grid).dataset.filled = "yes";
    const count = found.total.toLocaleString("en-GB");
    byId(grid.grid + "-count").textContent = `${count} ${grid.unit}`;
    if (found.total === 0) grid.api.showNoRowsOverlay();
    else grid.api.hideOverlay();
    grid.api.setColumnsVisible(
      grid.columns.map((column) => column.field).filter((field) => !found.hidden.includes(field)),
      true,
    );
    grid.api.setColumnsVisible(found.hidden, false);
    for (const [field, title] of Object.entries(found.titles)) {
      const column = grid.api.getColumnDef(field);
      if (!column || column.headerName === title) continue;
      column.headerName = title;
      grid.api.refreshHeader();
    }
  }

  function fail(grid, again) {
    holder(grid).dataset.failed = "yes";
    const place = byId(grid.grid + "-count");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = "Try again";
    button.addEventListener("click", () => {
      delete holder(grid).dataset.failed;
      place.textContent = "Loading…";
      again();
    });
    place.replaceChildren("The rows could not be loaded. ", button);
  }

  function linkCsv(grid) {
    const sort = grid.api.getColumnState().find((column) => column.sort);
    const more = { _format: "csv" };
    if (sort) more._sort = (sort.sort === "desc" ? "-" : "") + sort.colId;
    byId(grid.grid + "-csv").href = address(grid, more);
  }

  function pick(grid, row) {
    if (!grid.click || !row) return;
    const chosen = kyros.chosen()[grid.click];
    kyros.choose({ [grid.click]: chosen === row._key ? null : row._key });
  }
})();
