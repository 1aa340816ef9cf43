// Shows fee and remaining balance for the amount as it is typed, in whole cents, half up, as the
// server works them out. The server shows them again if they were not seen.

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-quote]");
  if (!form || event.target.name !== "amount") return;
  const cents = parse(event.target.value);
  const remaining = BigInt(form.dataset.remaining);
  if (cents === null || cents <= 0n || cents > remaining) return;
  const fee = (cents * BigInt(form.dataset.rate) + 5000n) / 10000n;
  const closes = cents === remaining;
  form.querySelector("[data-quote-fee]").textContent = money(fee);
  form.querySelector("[data-quote-remaining]").textContent = money(remaining - cents);
  form.querySelector("[data-quote-closes]").hidden = !closes;
  form.querySelector("[data-quote-stays]").hidden = closes;
  form.querySelector("[data-quote-amount]").value = decimal(cents);
});

function parse(text) {
  const match = /^\$?\s*(\d{1,3}(?:,\d{3})+|\d{1,10})(?:\.(\d{0,2}))?$/.exec(text.trim());
  if (!match) return null;
  return BigInt(match[1].replaceAll(",", "") + (match[2] ?? "").padEnd(2, "0"));
}

function decimal(cents) {
  const digits = cents.toString().padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function money(cents) {
  const [whole, rest] = decimal(cents).split(".");
  return `$${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${rest}`;
}
