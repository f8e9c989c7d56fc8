/** The colours that a person chose; where nothing is chosen the pages follow the system. */
export type Theme = "light" | "dark";

/** Not HttpOnly: the choice takes effect at once, without a request. It holds nothing secret. */
export const THEME_COOKIE = "kyros_theme";

const CHANGED = "kyros:theme";
const A_YEAR_SECONDS = 365 * 24 * 60 * 60;

/** The choice that a cookie or an attribute holds; null when it holds none that is ours. */
export function parseTheme(value: unknown): Theme | null {
  return value === "light" || value === "dark" ? value : null;
}

/** The cookie that keeps a choice, as `document.cookie` takes it; null removes it. */
export function themeCookie(theme: Theme | null, secure: boolean): string {
  const maxAge = theme === null ? 0 : A_YEAR_SECONDS;
  return `${THEME_COOKIE}=${theme ?? ""}; Path=/; Max-Age=${String(maxAge)}; SameSite=Lax${secure ? "; Secure" : ""}`;
}

/** In the browser: what is chosen now. */
export function currentTheme(): Theme | null {
  return parseTheme(document.documentElement.dataset.theme);
}

/** In the browser: choose, for this page and all later ones; null follows the system again. */
export function chooseTheme(theme: Theme | null): void {
  document.cookie = themeCookie(theme, location.protocol === "https:");
  show(theme);
}

/** In the browser: take over what another tab chose. */
export function adoptTheme(): void {
  const kept = new RegExp(`(?:^|; )${THEME_COOKIE}=([^;]*)`).exec(document.cookie)?.[1];
  const theme = parseTheme(kept);
  if (theme !== currentTheme()) {
    show(theme);
  }
}

/** In the browser: hear of each change; returns what ends that. */
export function onThemeChange(listener: (theme: Theme | null) => void): () => void {
  const heard = () => {
    listener(currentTheme());
  };
  window.addEventListener(CHANGED, heard);
  return () => {
    window.removeEventListener(CHANGED, heard);
  };
}

function show(theme: Theme | null): void {
  if (theme === null) {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
  window.dispatchEvent(new Event(CHANGED));
}
