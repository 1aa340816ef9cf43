// "Leave this page" goes at once and leaves no way back by the Back button; the visit is ended
// behind it.

document.addEventListener("submit", (event) => {
  const leave = event.target.closest?.("[data-leave]");
  if (!leave) return;
  event.preventDefault();
  fetch(leave.action, { method: "POST", keepalive: true, redirect: "manual" })
    .finally(() => location.replace("/p/left"));
});
