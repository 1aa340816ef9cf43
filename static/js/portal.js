// "Leave this page" leaves no way back by the Back button; "Print this page" prints.

document.addEventListener("click", (event) => {
  const leave = event.target.closest?.("[data-leave]");
  if (leave) {
    event.preventDefault();
    location.replace(leave.href);
  }
  if (event.target.closest?.("[data-print]")) print();
});
