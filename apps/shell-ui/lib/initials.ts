/** Up to two letters that stand for a name: "Acme Corporation" is "AC". */
export function initials(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  const letters = words.length > 1 ? words.slice(0, 2).map(firstLetter) : Array.from(words[0] ?? "").slice(0, 2);
  return letters.join("").toLocaleUpperCase("en");
}

function firstLetter(word: string): string {
  return Array.from(word)[0] ?? "";
}
