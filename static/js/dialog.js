// Opens a page's block as a dialog over the page one is on. The page itself is the fallback: a
// link marked data-dialog leads there whenever anything here does not work out.

document.addEventListener("click", async (event) => {
  const closer = event.target.closest?.("dialog [data-dialog-close]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog").close();
    return;
  }
  const link = event.target.closest?.("a[data-dialog]");
  if (!link || event.defaultPrevented || event.button !== 0
    || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  try {
    await open(link);
  } catch {
    location.assign(link.href);
  }
});

async function open(link) {
  const answer = await fetch(link.href, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) throw new Error("not the page that was asked for");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const block = page.querySelector("[data-block]");
  if (!block) throw new Error("the page has no block");

  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "block-title");
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button quiet small dialog-close";
  close.textContent = "Close";
  close.dataset.dialogClose = "";
  dialog.append(document.adoptNode(block), close);
  dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
  // A click on the backdrop has the dialog itself as its target.
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
}
