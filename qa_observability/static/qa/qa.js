// Everything here only makes pages faster to use: they work as plain links and forms.
"use strict";
(() => {
  const REFRESH_MS = 60_000;
  const BARS_MS = 300;
  const SLOW_MS = 5_000;
  const SVG = "http://www.w3.org/2000/svg";
  const live = document.getElementById("live");
  const panel = document.getElementById("panel");
  const keys = document.getElementById("keys");
  const find = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const isTyping = (target) => target.closest?.("input, select, textarea, [contenteditable]");

  // Refresh: every minute while nobody would be disturbed
  let overChart = false;
  let refreshedAt = Date.now();
  const isBusy = () =>
    document.hidden || overChart || panel?.open || keys?.open ||
    !!find(".menu[open]") || !!document.getSelection()?.toString() ||
    (document.activeElement && isTyping(document.activeElement)) ||
    !!document.activeElement?.closest(".chart");
  const refresh = () => {
    if (!live?.hasAttribute("data-refresh")) return;
    refreshedAt = Date.now();
    const address = window.location.pathname + window.location.search;
    window.htmx.ajax("GET", address, { source: live, target: live, swap: "innerHTML" });
  };
  setInterval(() => {
    watchSession();
    ageMessages();
    if (!live?.hasAttribute("data-refresh")) return;
    const due = Date.now() - refreshedAt >= REFRESH_MS;
    const paused = find("[data-paused]");
    if (paused) paused.hidden = !(due && isBusy());
    if (due && !isBusy()) refresh();
  }, 1000);

  // The session's end is said beforehand; seconds are counted here, for clocks differ
  const watchSession = () => {
    const session = find("#session");
    if (!session) return;
    session.dataset.end ||= Date.now() + session.dataset.left * 1000;
    const left = (session.dataset.end - Date.now()) / 1000;
    find("[data-session-ending]", session).hidden = left <= 0 || left > session.dataset.warned;
    find("[data-session-over]", session).hidden = left > 0;
  };
  watchSession();

  // Messages float, and leave once there was time to read them; warnings and errors stay
  document.documentElement.classList.add("scripted");
  const ageMessages = () => all(".content > .messages [data-stays]").forEach((message) => {
    if (document.hidden || message.matches(":hover, :focus-within")) return;
    message.dataset.stays -= 1;
    if (message.dataset.stays < 0) message.remove();
  });
  const readMessages = () => {
    const said = all(".messages [role=status] p").map((e) => e.textContent);
    if (said.length) find("#announcer").textContent = said.join(" ");
  };

  // What takes long: bars in place of words after a moment, then words and a way to stop it
  let slow = null;
  const setWorking = (on) => all("[data-working]").forEach((e) => { e.hidden = !on; });
  const showBars = (target) => {
    if (target === live) {
      live.classList.add("loading");
      live.setAttribute("aria-busy", "true");
    }
    if (target === panel) {
      panel.classList.remove("centred");
      panel.replaceChildren(find("#panel-loading").content.cloneNode(true));
      if (!panel.open) panel.showModal();
    }
  };
  const startSlow = (target, stop) => {
    endSlow();
    slow = {
      stop,
      bars: setTimeout(() => showBars(target), BARS_MS),
      words: setTimeout(() => setWorking(true), SLOW_MS),
    };
  };
  const endSlow = () => {
    clearTimeout(slow?.bars);
    clearTimeout(slow?.words);
    slow = null;
    setWorking(false);
    live?.classList.remove("loading");
    live?.removeAttribute("aria-busy");
    if (panel && find("[data-bars]", panel)) panel.close();
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, target } = event.detail;
    const keepsValues = elt === live; // a refresh
    startSlow(keepsValues ? null : target, () => window.htmx.trigger(elt, "htmx:abort"));
  });
  document.addEventListener("htmx:afterRequest", endSlow);
  window.addEventListener("pageshow", endSlow);
  const followSlowly = (event) => {
    const link = event.target.closest("a[href]");
    const isPlain = !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    const isThisPage = link?.origin === location.origin && link.pathname === location.pathname;
    if (!isPlain || !isThisPage || link.search === location.search || link.target) return;
    startSlow(live, () => window.stop());
  };

  // What a refresh must keep: open tables, chosen lines, and silence unless a state changed
  let statesBefore = new Map();
  let openBefore = [];
  let chosenBefore = [];
  const states = () => new Map(all("[data-channel]").map((e) => [e.dataset.channel, e.dataset]));
  const announce = () => {
    const said = [...states()].flatMap(([slug, now]) => {
      const before = statesBefore.get(slug)?.status;
      if (!before || before === now.status) return [];
      return now.status === "critical" || before === "critical" ? [now.words] : [];
    });
    if (said.length) find("#announcer").textContent = said.join(" ");
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target === live) document.body.classList.add("refreshing");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target === live) document.body.classList.remove("refreshing");
  });
  const failed = (event) => {
    const words = find("[data-failed]");
    if (event.detail.target === live && words) words.hidden = false;
  };
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:beforeSwap", (event) => {
    const target = event.detail.target;
    const answered = event.detail.xhr.responseURL;
    if (answered && new URL(answered).pathname === "/sign-in") {
      event.detail.shouldSwap = false;
      window.location.reload();
      return;
    }
    if (target === live) {
      statesBefore = states();
      openBefore = all("details[open][id]", live).map((e) => e.id);
      chosenBefore = all(".series-switch input:checked", live).map((e) => e.id);
    }
    if (target === panel && event.detail.xhr.status >= 400) event.detail.shouldSwap = true;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    if (target === panel) {
      panel.classList.toggle("centred", !!find("[data-go]", panel));
      if (!panel.open) panel.showModal();
      (find("[autofocus]", panel) ?? find("h2, h1", panel))?.focus();
    }
    if (target.id === "session") find("#main").focus();
    if (target.id === "go-places" && isGoing) goToFirst();
    if (target !== live) return;
    const icon = find("#stamp")?.dataset.favicon;
    if (icon) find("link[rel=icon]").href = icon;
    openBefore.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    chosenBefore.forEach((id) => document.getElementById(id)?.click());
    announce();
    prepare(document);
  });

  // Charts: one crosshair for all charts of the same grid, by pointer and by arrow keys
  const rowsOf = (chart) => all("[data-twin] tbody tr", chart.closest("[data-figure]"));
  const namesOf = (chart) =>
    all("[data-twin] thead th", chart.closest("[data-figure]")).slice(1).map((e) => e.textContent);
  const textAt = (chart, index) => {
    const cells = [...rowsOf(chart)[index].cells].map((e) => e.textContent.trim());
    const names = namesOf(chart);
    return `${cells[0]}: ${cells.slice(1).map((v, n) => `${names[n]} ${v}`).join(", ")}`;
  };
  const showAt = (chart, index) => {
    const plot = find(".chart-plot", chart);
    const x = `${((index + 0.5) / chart.dataset.count) * 100}%`;
    let line = find(".cross", plot);
    if (!line) {
      line = document.createElementNS(SVG, "line");
      line.setAttribute("class", "cross");
      line.setAttribute("y1", "8");
      line.setAttribute("y2", "188");
      plot.append(line);
    }
    line.setAttribute("x1", x);
    line.setAttribute("x2", x);
    const text = textAt(chart, index);
    find("[data-readout]", chart.closest("[data-figure]")).textContent = text;
    chart.setAttribute("aria-valuenow", index + 1);
    chart.setAttribute("aria-valuetext", text);
  };
  const peers = (chart) =>
    all("[data-chart]").filter((e) => e.dataset.grid === chart.dataset.grid);
  const showAll = (chart, index) => {
    const held = Math.min(Math.max(index, 0), chart.dataset.count - 1);
    peers(chart).forEach((peer) => showAt(peer, held));
  };
  const hideAll = (chart) => peers(chart).forEach((peer) => {
    find(".cross", peer)?.remove();
    find("[data-readout]", peer.closest("[data-figure]")).textContent = "";
  });
  const moves = { ArrowLeft: -1, ArrowRight: 1, PageDown: -7, PageUp: 7, Home: -Infinity, End: Infinity };
  const prepareChart = (chart) => {
    const count = Number(chart.dataset.count);
    Object.entries({
      tabindex: 0, role: "slider", "aria-valuemin": 1, "aria-valuemax": count, "aria-valuenow": count,
      "aria-label": find("title", chart).textContent, "aria-valuetext": textAt(chart, count - 1),
    }).forEach(([name, value]) => chart.setAttribute(name, value));
    const plot = find(".chart-plot", chart);
    plot.addEventListener("pointermove", (event) => {
      const box = plot.getBoundingClientRect();
      showAll(chart, Math.floor(((event.clientX - box.left) / box.width) * count));
    });
    chart.addEventListener("pointerenter", () => { overChart = true; });
    chart.addEventListener("pointerleave", () => { overChart = false; hideAll(chart); });
    chart.addEventListener("focus", () => showAll(chart, Number(chart.getAttribute("aria-valuenow")) - 1));
    chart.addEventListener("blur", () => hideAll(chart));
    chart.addEventListener("keydown", (event) => {
      if (!(event.key in moves)) return;
      event.preventDefault();
      showAll(chart, Number(chart.getAttribute("aria-valuenow")) - 1 + moves[event.key]);
    });
  };

  // Go to anything: a list from the server; Enter opens the first, arrows walk
  let isGoing = false;
  const openGo = () => window.htmx.ajax("GET", "/dashboard/go", { target: panel, swap: "innerHTML" });
  const goToFirst = () => {
    isGoing = false;
    find("#go-places a")?.click();
  };
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-go]")) return;
    event.preventDefault();
    isGoing = find("#go-places").dataset.asked !== find("input", event.target).value.trim();
    if (!isGoing) goToFirst();
  });
  const walkPlaces = (event) => {
    const stops = all("[data-go] input, #go-places a");
    const at = stops.indexOf(document.activeElement);
    if (at < 0) return;
    event.preventDefault();
    stops[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  };

  // Keys: off while typing, and all single ones can be switched off
  const pages = {
    d: "/dashboard", r: "/dashboard/revenue/impact", t: "/dashboard/correlation/test-integration",
    a: "/dashboard/alerts", i: "/dashboard/incidents",
  };
  const follow = (selector) => find(selector)?.click();
  const selectRow = (step) => {
    const rows = all("tr[data-href]").filter((row) => row.offsetParent);
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.classList.contains("selected"));
    const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
    rows[at]?.classList.remove("selected");
    next.classList.add("selected");
    next.scrollIntoView({ block: "nearest" });
    find("a", next)?.focus();
  };
  const single = {
    r: refresh, j: () => selectRow(1), k: () => selectRow(-1), e: () => follow("[data-explain]"),
    x: () => follow("[data-export]"), "/": () => find("[data-filter]")?.focus(),
    "?": () => keys?.showModal(), "[": () => foldSidebar(),
    1: () => follow("[data-period='1']"), 2: () => follow("[data-period='2']"),
    3: () => follow("[data-period='3']"), 4: () => follow("[data-period='4']"),
  };
  let leader = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") walkPlaces(event);
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openGo();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "Escape") closeMenus();
    if (keys?.dataset.singleKeys !== "on" || panel?.open || keys?.open) return;
    if (event.key === "g") { leader = Date.now(); return; }
    const page = Date.now() - leader < 1500 && pages[event.key];
    leader = 0;
    if (page) {
      if (find(`.sidebar a[href^="${page}"]`)) window.location.assign(page);
    } else if (single[event.key]) {
      event.preventDefault();
      single[event.key]();
    }
  });

  // Menus close by Escape and by a click elsewhere; the focus returns to what opened them
  const closeMenus = (except) => all(".menu[open]").forEach((menu) => {
    if (menu === except) return;
    const inside = menu.contains(document.activeElement);
    menu.removeAttribute("open");
    if (inside) find("summary", menu).focus();
  });
  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest(".menu"));
    followSlowly(event);
    const action = event.target.closest("[data-action]")?.dataset.action;
    if (action === "refresh") { event.preventDefault(); refresh(); }
    if (action === "go") { event.preventDefault(); closeMenus(); openGo(); }
    if (action === "cancel") {
      slow?.stop();
      endSlow();
    }
    if (action === "keys") { closeMenus(); keys.showModal(); }
    if (action === "close-message") event.target.closest(".message").remove();
    if (action === "close-panel") { event.preventDefault(); panel.close(); }
    if (action === "print") { closeMenus(); window.print(); }
    if (action === "copy-link") { closeMenus(); navigator.clipboard?.writeText(window.location.href); }
    if (action === "copy") navigator.clipboard?.writeText(find("[data-copy]")?.innerText ?? "");
    if (event.target === panel) panel.close();
  });

  // The side bar's width is remembered on this device
  const foldSidebar = () => {
    const folded = document.documentElement.classList.toggle("sidebar-collapsed");
    localStorage.setItem("qa-sidebar", folded ? "folded" : "open");
  };
  if (localStorage.getItem("qa-sidebar") === "folded") {
    document.documentElement.classList.add("sidebar-collapsed");
  }

  const prepare = (root) => {
    all("[data-chart]", root).filter((e) => !e.hasAttribute("role")).forEach(prepareChart);
    all("[data-action][hidden]:not([data-working])", root).forEach((e) => { e.hidden = false; });
  };
  prepare(document);
  readMessages();
})();
