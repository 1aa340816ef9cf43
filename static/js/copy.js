// Copies an id or a key from the button beside it, and says so. A button that prints, prints.

document.documentElement.classList.add("scripted");

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) print();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const label = button.getAttribute("aria-label");
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.setAttribute("aria-label", "Copied");
    button.title = "Copied";
    button.classList.add("copied");
    setTimeout(() => {
      button.setAttribute("aria-label", label);
      button.removeAttribute("title");
      button.classList.remove("copied");
    }, 2000);
  } catch {
    // Without leave to write the clipboard the value is still there to select.
  }
});
