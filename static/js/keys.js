// `/` goes to the search box, j and k walk the rows, Enter opens, x selects, ? lists the keys.

const typing = "input, textarea, select, [contenteditable], dialog";

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
  if (event.target.closest?.(typing)) {
    if (event.key === "Escape" && event.target.matches("[data-search]")) event.target.blur();
    return;
  }
  const act = { "/": search, "?": help, j: () => move(1), k: () => move(-1), x: select }[event.key];
  if (act?.()) event.preventDefault();
});

function search() {
  const box = document.querySelector("[data-search]");
  box?.focus();
  box?.select();
  return Boolean(box);
}

function help() {
  const keys = document.getElementById("keys");
  keys?.togglePopover?.();
  return Boolean(keys);
}

function rows() {
  return [...document.querySelectorAll("table[data-keys] tbody tr")];
}

function move(step) {
  const all = rows();
  if (all.length === 0) return false;
  const here = all.findIndex((row) => row.hasAttribute("data-current"));
  const next = all[Math.min(Math.max(here + step, 0), all.length - 1)];
  all[here]?.removeAttribute("data-current");
  next.setAttribute("data-current", "");
  next.querySelector("a[href]")?.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function select() {
  const box = document.querySelector("tr[data-current] input[type='checkbox']");
  box?.click();
  return Boolean(box);
}
