import { useEffect, useState, type RefObject } from "react";

import { readEmbedMessage, type EmbedMessage, type ShellMessage } from "@/lib/embed-messages";
import { filtersOf, outerAddress } from "@/lib/embed-path";
import { currentTheme, onThemeChange } from "@/lib/theme";

/** A dashboard that has loaded says when it is there; one that does not is shown after this time. */
const PATIENCE_MS = 8_000;

/** What our dashboards have on their window. */
type DashboardWindow = Window & { readonly kyros?: { readonly chosen?: () => unknown } };

export interface Embedded {
  /** Whether there is something to see in the frame. */
  readonly shown: boolean;
  readonly onLoad: () => void;
}

/**
 * Keeps the page's address and theme and those of the dashboard in its frame the same.
 *
 * The dashboard says which view it shows, and the history is kept here; going back tells the
 * dashboard where to go.
 */
export function useEmbedded(ref: RefObject<HTMLIFrameElement | null>): Embedded {
  const [shown, setShown] = useState(false);
  const [loaded, setLoaded] = useState(false);

  useEffect(() => {
    const pathname = location.pathname;

    function act(message: EmbedMessage) {
      if (message.type === "kyros:url") {
        showInAddress(pathname, message);
        return;
      }
      setShown(true);
      // What changed while it was loading.
      tell(ref.current, { type: "kyros:theme", theme: currentTheme() });
      goWhereAddressIs();
    }
    function heard({ data, origin, source }: MessageEvent) {
      const message = readEmbedMessage(data);
      if (message !== null && origin === location.origin && source === ref.current?.contentWindow) {
        act(message);
      }
    }
    function goWhereAddressIs() {
      if (location.pathname === pathname) {
        tell(ref.current, { type: "kyros:go", search: filtersOf(location.search).toString() });
      }
    }

    window.addEventListener("message", heard);
    window.addEventListener("popstate", goWhereAddressIs);
    const endTheme = onThemeChange((theme) => {
      tell(ref.current, { type: "kyros:theme", theme });
    });
    // It may have been there before this script ran, and does not say so again.
    if ((dashboardIn(ref.current)?.chosen?.() ?? null) !== null) {
      act({ type: "kyros:ready" });
    } else if (isComplete(ref.current)) {
      setLoaded(true);
    }
    return () => {
      window.removeEventListener("message", heard);
      window.removeEventListener("popstate", goWhereAddressIs);
      endTheme();
    };
  }, [ref]);

  useEffect(() => {
    if (!loaded || shown) {
      return;
    }
    // A page that stands in for the dashboard never says that it is there.
    const waiting = setTimeout(() => {
      setShown(true);
    }, dashboardIn(ref.current) === undefined ? 0 : PATIENCE_MS);
    return () => {
      clearTimeout(waiting);
    };
  }, [ref, loaded, shown]);

  return {
    shown,
    onLoad: () => {
      setLoaded(true);
    },
  };
}

/** Put the dashboard's view into the address bar, as a step of its own unless it only moved on. */
function showInAddress(pathname: string, { search, replace }: { search: string; replace: boolean }): void {
  const address = outerAddress(pathname, search);
  // Not after the person has left: the last word of a dashboard that is going may come too late.
  if (location.pathname !== pathname || address === `${pathname}${location.search}`) {
    return;
  }
  if (replace) {
    window.history.replaceState(null, "", address);
  } else {
    window.history.pushState(null, "", address);
  }
}

function tell(frame: HTMLIFrameElement | null, message: ShellMessage): void {
  frame?.contentWindow?.postMessage(message, location.origin);
}

function dashboardIn(frame: HTMLIFrameElement | null): DashboardWindow["kyros"] {
  return (frame?.contentWindow as DashboardWindow | null | undefined)?.kyros;
}

function isComplete(frame: HTMLIFrameElement | null): boolean {
  const page = frame?.contentDocument;
  return page?.readyState === "complete" && page.URL !== "about:blank";
}
