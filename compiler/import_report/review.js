"use strict";
(() => {
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const verdicts = all("input[data-verdict]");
  const items = all("[data-item]").map((node) => ({ node, text: node.textContent.toLowerCase() }));
  const decisions = items.filter((item) => item.node.dataset.item === "decision");

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const off = new Set(verdicts.filter((box) => !box.checked).map((box) => box.dataset.verdict));
    for (const { node, text } of items) {
      node.hidden = off.has(node.dataset.verdict) || !words.every((word) => text.includes(word));
    }
    for (const step of all("[data-step]")) {
      step.hidden = words.length > 0 && !step.querySelector("[data-item]:not([hidden])");
    }
    const left = decisions.filter((item) => !item.node.hidden).length;
    shown.textContent = `${left} of ${decisions.length} decisions shown`;
  };

  const open = () => {
    const target = /^#d\d+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
    if (!target) return;
    target.hidden = false;
    target.open = true;
    target.scrollIntoView({ block: "start" });
    target.querySelector("summary").focus({ preventScroll: true });
  };

  const move = (by) => {
    const list = decisions.filter((item) => !item.node.hidden).map((item) => item.node.querySelector("summary"));
    const at = list.indexOf(document.activeElement);
    const next = list[Math.min(list.length - 1, Math.max(0, at + by))];
    if (next) next.focus();
  };

  search.addEventListener("input", filter);
  for (const box of verdicts) box.addEventListener("change", filter);
  window.addEventListener("hashchange", open);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && document.activeElement === search) {
      search.value = "";
      filter();
    } else if (document.activeElement !== search) {
      if (event.key === "/") {
        event.preventDefault();
        search.focus();
      } else if (event.key === "j") move(1);
      else if (event.key === "k") move(-1);
    }
  });
  document.getElementById("tools").hidden = false;
  filter();
  open();
})();
