// Forms: a second press within the same sending is swallowed (the server guards itself as well),
// and an error summary takes the focus and leads to its fields. "Print" prints.

document.documentElement.classList.add("scripted");

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-once]")) return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  form.setAttribute("aria-busy", "true");
  setTimeout(() => release(form), 8000);
});

// Coming back with the Back button shows the page as it was left: the form must work again.
addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));

function release(form) {
  delete form.dataset.sending;
  form.removeAttribute("aria-busy");
}

const summary = document.querySelector("[data-error-summary]");
summary?.focus();
summary?.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  const label = field.closest(".field")?.querySelector("legend, label") ?? field;
  label.scrollIntoView({ block: "nearest" });
  field.focus({ preventScroll: true });
});

// A select or a set of ticks marked data-submit sends its form at once.
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-submit]")) event.target.form?.requestSubmit();
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) print();
});
