import { startTransition, useEffect, useState } from "react";

/** More than a screen has room for. */
const AT_ONCE = 30;

/** The items of a long list: at first so many as are drawn without waiting, then all, when there is time. */
export function useFirstSome<T>(items: readonly T[]): readonly T[] {
  const [all, setAll] = useState(false);
  useEffect(() => {
    startTransition(() => {
      setAll(true);
    });
  }, []);
  return all ? items : items.slice(0, AT_ONCE);
}
