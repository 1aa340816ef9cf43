// Lets the debtor's clock tick by the minute, and relative times follow it.

function tick() {
  const now = new Date();
  for (const clock of document.querySelectorAll("[data-clock]")) {
    try {
      const parts = new Intl.DateTimeFormat("en-US", {
        timeZone: clock.dataset.clock, hour: "numeric", minute: "2-digit",
      }).format(now);
      // The zone's short name stays the server's: browsers call many of them "GMT+10".
      clock.dataset.zoneName ??= clock.textContent.trim().split(" ").pop();
      clock.textContent = `${parts.replace("AM", "am").replace("PM", "pm")} ${clock.dataset.zoneName}`;
      const hours = clock.closest("p").querySelector("[data-hours]");
      if (hours) hours.textContent = hours.textContent.replace(/^\w+/, isOpen(clock.dataset.clock, now) ? "within" : "outside");
    } catch {
      // A browser that does not know the zone keeps what the server wrote.
    }
  }
  for (const time of document.querySelectorAll("time[data-relative]")) {
    const minutes = Math.trunc((Date.parse(time.dateTime) - now.getTime()) / 60000);
    if (!Number.isNaN(minutes)) time.textContent = relative(minutes);
  }
}

function isOpen(timeZone, now) {
  const hour = Number(new Intl.DateTimeFormat("en-US", { timeZone, hour: "numeric", hourCycle: "h23" }).format(now));
  return hour >= 8 && hour < 21;
}

// The same words as the server's: the largest whole unit up to days.
function relative(minutes) {
  const size = Math.abs(minutes);
  if (size === 0) return "just now";
  const [count, unit] = size < 60 ? [size, "minute"]
    : size < 1440 ? [Math.trunc(size / 60), "hour"]
    : [Math.trunc(size / 1440), "day"];
  const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return minutes < 0 ? `${words} ago` : `in ${words}`;
}

tick();
setTimeout(() => {
  tick();
  setInterval(tick, 60000);
}, 60000 - (Date.now() % 60000));
document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
