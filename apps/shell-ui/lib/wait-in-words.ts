/** A time to wait, as one says it: "1 minute and 5 seconds". */
export function waitInWords(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const parts = [
    { amount: Math.floor(whole / 3600), unit: "hour" },
    { amount: Math.floor(whole / 60) % 60, unit: "minute" },
    { amount: whole % 60, unit: "second" },
  ];
  const said = parts
    .filter(({ amount }) => amount > 0)
    .map(({ amount, unit }) => `${String(amount)} ${unit}${amount === 1 ? "" : "s"}`);
  return said.length === 0 ? "0 seconds" : new Intl.ListFormat("en-GB", { type: "conjunction" }).format(said);
}
