"use client";

import { useEffect, useSyncExternalStore } from "react";

import { adoptTheme, chooseTheme, currentTheme, onThemeChange, type Theme } from "@/lib/theme";

const CHOICES = [
  { theme: null, name: "System" },
  { theme: "light", name: "Light" },
  { theme: "dark", name: "Dark" },
] as const;

/** Light, dark, or as the system has it; takes effect at once. */
export function ThemeChoice({ initial }: { readonly initial: Theme | null }) {
  const chosen = useSyncExternalStore(onThemeChange, currentTheme, () => initial);

  useEffect(() => {
    document.addEventListener("visibilitychange", adoptTheme);
    return () => {
      document.removeEventListener("visibilitychange", adoptTheme);
    };
  }, []);

  return (
    <fieldset>
      <legend className="px-3 text-sm text-muted">Theme</legend>
      <div className="mx-3 mt-2 grid grid-cols-3 gap-1 rounded-lg bg-sunken p-1">
        {CHOICES.map(({ theme, name }) => (
          <label
            key={name}
            className="cursor-pointer rounded-md px-2 py-1.5 text-center text-sm has-checked:bg-surface has-checked:font-semibold has-checked:shadow-card has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name="theme"
              className="sr-only"
              checked={chosen === theme}
              onChange={() => {
                chooseTheme(theme);
              }}
            />
            {name}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
