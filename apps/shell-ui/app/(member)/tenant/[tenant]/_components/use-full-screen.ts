import { useEffect, useState, type RefObject } from "react";

export interface FullScreen {
  readonly on: boolean;
  readonly toggle: () => void;
}

/**
 * Whether an element has the whole screen, and the way there and back.
 *
 * Where the browser has no full screen, as on some telephones, the element gets the whole window.
 */
export function useFullScreen(ref: RefObject<HTMLElement | null>): FullScreen {
  const [on, setOn] = useState(false);

  useEffect(() => {
    function follow() {
      setOn(document.fullscreenElement !== null && document.fullscreenElement === ref.current);
    }
    function leave(event: KeyboardEvent) {
      if (event.key === "Escape" && document.fullscreenElement === null) {
        setOn(false);
      }
    }
    document.addEventListener("fullscreenchange", follow);
    document.addEventListener("keydown", leave);
    return () => {
      document.removeEventListener("fullscreenchange", follow);
      document.removeEventListener("keydown", leave);
    };
  }, [ref]);

  function toggle() {
    if (document.fullscreenElement !== null) {
      void document.exitFullscreen();
    } else if (!on && document.fullscreenEnabled) {
      ref.current?.requestFullscreen().catch(() => {
        setOn(true);
      });
    } else {
      setOn(!on);
    }
  }

  return { on, toggle };
}
