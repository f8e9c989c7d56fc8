const HEX = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i;

/** Relative luminance of an `#rrggbb` colour (WCAG 2.2), from 0 to 1. */
function luminance(hex: string): number {
  const channels = HEX.exec(hex)?.slice(1) ?? ["00", "00", "00"];
  const [red = 0, green = 0, blue = 0] = channels.map((channel) => {
    const value = Number.parseInt(channel, 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of two `#rrggbb` colours, from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** White where it can be read on the background (4.5:1), else black, which then always can. */
export function readableOn(background: string): string {
  return contrast("#ffffff", background) >= 4.5 ? "#ffffff" : "#000000";
}
