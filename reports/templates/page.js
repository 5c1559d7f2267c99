"use strict";
(() => {
  const root = document.documentElement;
  const list = document.getElementById("list");
  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  const none = document.getElementById("none");
  const said = document.getElementById("said");
  const fold = document.getElementById("fold");
  const search = form.elements.namedItem("q");
  const claims = [...list.children];
  const facts = new Map(claims.map((claim, order) => [claim, {
    order,
    id: claim.querySelector("h3").textContent,
    text: `${claim.querySelector(".name").textContent} ${claim.dataset.text}`.toLowerCase(),
    evidence: claim.dataset.evidence.split(" "),
    worst: claim.dataset.worst === "-" ? -Infinity : claim.dataset.worst === "inf" ? Infinity : Number(claim.dataset.worst),
    seconds: Number(claim.dataset.seconds),
  }]));
  const orders = {
    "": (a, b) => a.order - b.order,
    id: (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
    tightness: (a, b) => (b.worst > a.worst ? 1 : b.worst < a.worst ? -1 : a.order - b.order),
    time: (a, b) => b.seconds - a.seconds || a.order - b.order,
  };
  const TOGETHER = Number(list.dataset.together);
  let current = "";
  let sorted = "";

  const say = (text) => { said.textContent = ""; setTimeout(() => { said.textContent = text; }, 50); };
  const visible = () => [...list.children].filter((claim) => !claim.hidden);

  function asked() {
    const state = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (value && name !== "grade") state.set(name, value);
    }
    const grades = [...form.querySelectorAll("[name=grade]:checked")].map((box) => box.value);
    if (grades.length) state.set("grade", grades.join(" "));
    return state;
  }

  function remember() {
    const state = asked();
    let fragment = "";
    if (current) fragment = `#${encodeURIComponent(current).replaceAll("%2F", "/")}`;
    if (state.size) {
      if (current) state.set("claim", current);
      fragment = `#?${state}`;
    }
    try { history.replaceState(null, "", fragment || location.pathname + location.search); } catch { }
  }

  function apply() {
    const state = asked();
    const words = (state.get("q") || "").toLowerCase().split(/\s+/).filter(Boolean);
    const grades = (state.get("grade") || "").split(" ").filter(Boolean);
    let count = 0;
    for (const claim of claims) {
      const fact = facts.get(claim);
      const fits = (!grades.length || grades.includes(claim.dataset.grade))
        && (!state.get("expected") || state.get("expected") === claim.dataset.expected)
        && (!state.get("source") || state.get("source") === claim.dataset.source)
        && (!state.get("evidence") || fact.evidence.includes(state.get("evidence")))
        && words.every((word) => fact.text.includes(word));
      claim.hidden = !fits;
      count += fits;
    }
    const sort = state.get("sort") || "";
    if (sort !== sorted) {
      list.append(...[...claims].sort((a, b) => orders[sort](facts.get(a), facts.get(b))));
      sorted = sort;
    }
    shown.textContent = `${count.toLocaleString("en")} of ${claims.length.toLocaleString("en")} shown`;
    none.hidden = count > 0;
    label();
  }

  function label() {
    fold.textContent = visible().some((claim) => claim.open) ? "Close all" : "Open all shown";
  }

  const stored = new Map();
  function unpacked(number) {
    if (!stored.has(number)) {
      const bytes = Uint8Array.from(atob(document.getElementById(`store-${number}`).textContent), (c) => c.charCodeAt(0));
      const text = new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
      stored.set(number, text.then(JSON.parse));
    }
    return stored.get(number);
  }

  async function fill(claim) {
    const folded = claim.querySelector(":scope > noscript");
    if (folded) {
      const made = document.createElement("template");
      made.innerHTML = folded.textContent;
      folded.replaceWith(made.content);
    }
    const place = claim.querySelector(".extra[data-at]");
    if (!place) return;
    const at = Number(place.dataset.at);
    delete place.dataset.at;
    try {
      place.innerHTML = (await unpacked(Math.floor(at / TOGETHER)))[at % TOGETHER];
    } catch {
      place.textContent = "Its steps and pictures could not be unpacked by this browser.";
    }
  }

  function measure(claims) {
    const boxes = claims.flatMap((claim) => [...claim.querySelectorAll(".wide, .say > math, .given > li, .long > code")]);
    const over = boxes.map((box) => box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1);
    boxes.forEach((box, at) => (over[at] ? box.setAttribute("tabindex", "0") : box.removeAttribute("tabindex")));
  }

  // What has just been opened is not laid out yet; and measuring claims one by one would lay out each anew.
  const opened = new Set();
  function reachable(claim) {
    if (!opened.size) {
      requestAnimationFrame(() => requestAnimationFrame(() => {
        measure([...opened]);
        opened.clear();
      }));
    }
    opened.add(claim);
  }

  function reach(claim) {
    claim.scrollIntoView({ block: "start" });
    requestAnimationFrame(() => requestAnimationFrame(() => claim.scrollIntoView({ block: "start" })));
  }

  function open(claim, focus) {
    claim.hidden = false;
    claim.open = true;
    fill(claim).then(() => reach(claim));
    if (focus) claim.querySelector("summary").focus({ preventScroll: true });
  }

  function named(fragment) {
    let id = fragment;
    try { id = decodeURIComponent(fragment); } catch { }
    const found = document.getElementById(id) || document.getElementById(fragment);
    return found && facts.has(found) ? found : null;
  }

  function restore() {
    const fragment = location.hash.slice(1);
    const claim = named(fragment);
    if (!claim && !fragment.startsWith("?")) return;
    const state = new URLSearchParams(fragment.startsWith("?") && !claim ? fragment.slice(1) : "");
    const grades = (state.get("grade") || "").split(" ");
    for (const field of form.elements) {
      if (field.name === "grade") field.checked = grades.includes(field.value);
      else if (field.name) field.value = state.get(field.name) || "";
      if (field.tagName === "SELECT" && field.selectedIndex < 0) field.selectedIndex = 0;
    }
    apply();
    const target = claim || named(encodeURIComponent(state.get("claim") || ""));
    current = target ? target.id : "";
    if (target) open(target, true);
    else document.getElementById("claims").scrollIntoView();
  }

  async function copy(button) {
    const code = button.previousElementSibling;
    const range = document.createRange();
    range.selectNodeContents(code);
    let done = false;
    try {
      await navigator.clipboard.writeText(code.textContent);
      done = true;
    } catch {
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      try { done = document.execCommand("copy"); } catch { }
    }
    button.textContent = done ? "Copied" : "Press Ctrl+C";
    say(done ? `Copied ${button.dataset.what}` : `Selected ${button.dataset.what}; press Control C to copy it`);
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  }

  function move(step) {
    const rows = visible();
    const here = rows.indexOf(document.activeElement?.closest?.(".claim"));
    const next = rows[here < 0 ? 0 : Math.min(Math.max(here + step, 0), rows.length - 1)];
    if (!next) return;
    const summary = next.querySelector("summary");
    summary.focus();
    summary.scrollIntoView({ block: "nearest" });
  }

  form.addEventListener("input", () => { apply(); remember(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { current = ""; apply(); remember(); }));
  fold.addEventListener("click", () => {
    const rows = visible();
    const close = rows.some((claim) => claim.open);
    for (const claim of rows) claim.open = !close;
    label();
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest(".copy");
    if (button) copy(button);
    const row = event.target.closest(".claim > summary");
    if (row) {
      current = row.parentElement.open ? "" : row.parentElement.id;
      remember();
    }
  });
  list.addEventListener("toggle", (event) => {
    const claim = event.target.closest(".claim");
    if (event.target === claim) label();
    if (claim.open) fill(claim).then(() => reachable(claim));
  }, true);
  window.addEventListener("resize", () => visible().filter((claim) => claim.open).forEach(reachable));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link.hash === location.hash && link.hash) restore();
  });
  window.addEventListener("hashchange", restore);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !document.getElementById("keys").checked) return;
    const field = event.target.closest("input, select, textarea, button");
    if (event.key === "Escape" && event.target === search) search.blur();
    if (field || !["/", "j", "k"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "/") search.focus();
    else move(event.key === "j" ? 1 : -1);
  });

  const scheme = document.getElementById("scheme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.scheme ? root.dataset.scheme === "dark" : dark.matches);
  const mark = () => scheme.setAttribute("aria-pressed", String(isDark()));
  scheme.addEventListener("click", () => {
    root.dataset.scheme = isDark() ? "light" : "dark";
    try { localStorage.setItem("lakatos-scheme", root.dataset.scheme); } catch { }
    mark();
  });
  dark.addEventListener("change", mark);
  mark();

  let printed = [];
  window.addEventListener("beforeprint", () => {
    const rows = visible();
    if (rows.some((claim) => claim.open)) return;
    printed = rows.filter((claim) => claim.dataset.expected === "no" || claim.dataset.grade === "REFUTED");
    for (const claim of printed) {
      claim.open = true;
      fill(claim);
    }
  });
  window.addEventListener("afterprint", () => {
    for (const claim of printed) claim.open = false;
    printed = [];
  });

  form.hidden = false;
  scheme.parentElement.hidden = false;
  restore();
})();
