// Follows long work without reloading: asks the page for its progress block, and reloads once the
// work is done. Without script the page refreshes itself.

const block = document.querySelector("[data-progress]");

async function follow() {
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("[data-progress]");
    if (!answer.ok || !next) {
      location.reload();
      return;
    }
    for (const part of block.querySelectorAll("[data-part]")) {
      const fresh = next.querySelector(`[data-part="${part.dataset.part}"]`);
      if (!fresh) continue;
      if (part.tagName === "PROGRESS") part.value = fresh.value;
      else if (part.textContent !== fresh.textContent) part.textContent = fresh.textContent;
    }
  } catch {
    // The network is away for a moment: ask again.
  }
  setTimeout(follow, 1500);
}

if (block) setTimeout(follow, 1500);
