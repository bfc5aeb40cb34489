"use strict";
(() => {
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const boxes = all("input[type=checkbox]");
  const items = all("[data-item]").map((node) => ({ node, text: node.textContent.toLowerCase() }));
  const decisions = items.filter((item) => item.node.dataset.item === "decision");

  const off = (name) => new Set(boxes.filter((box) => !box.checked && box.dataset[name]).map((box) => box.dataset[name]));

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const verdicts = off("verdict");
    const confidences = off("confidence");
    for (const { node, text } of items) {
      node.hidden =
        verdicts.has(node.dataset.verdict) ||
        confidences.has(node.dataset.confidence) ||
        !words.every((word) => text.includes(word));
    }
    for (const step of all("[data-step]")) {
      step.hidden = words.length > 0 && !step.querySelector("[data-item]:not([hidden])");
    }
    const left = decisions.filter((item) => !item.node.hidden).length;
    shown.textContent = `${left} of ${decisions.length} decisions shown`;
  };

  const open = () => {
    const target = /^#[dr][\d-]+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
    if (!target) return;
    target.hidden = false;
    const step = target.closest("[data-step]");
    if (step) step.hidden = false;
    if (target.tagName === "DETAILS") {
      target.open = true;
      target.querySelector("summary").focus({ preventScroll: true });
    }
    target.scrollIntoView({ block: "start" });
  };

  const move = (by) => {
    const list = decisions.filter((item) => !item.node.hidden).map((item) => item.node.querySelector("summary"));
    const at = list.indexOf(document.activeElement);
    const next = list[Math.min(list.length - 1, Math.max(0, at + by))];
    if (next) next.focus();
  };

  search.addEventListener("input", filter);
  for (const box of boxes) box.addEventListener("change", filter);
  window.addEventListener("hashchange", open);
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    for (const node of closed) node.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const node of closed) node.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && document.activeElement === search) {
      search.value = "";
      filter();
      search.blur();
    } else if (event.key === "Enter" && document.activeElement === search) {
      event.preventDefault();
      move(1);
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
