import "server-only";

import type { Theme } from "@/lib/theme";

import { newNonce, standInPolicy } from "./csp";
import { REQUEST_ID_HEADER } from "./request-id";

/** A page that stands where another would be: a dashboard in its frame, or a page of the shell. */
export interface StandIn {
  readonly status: number;
  readonly title: string;
  readonly message: string;
  readonly requestId: string;
  /** What the person chose, as {@link themeOf} reads it; null, as where no request is at hand, follows the system. */
  readonly theme: Theme | null;
  /** Try again by itself until the dashboard is back. */
  readonly retry?: boolean;
  /** A way on, opened in the whole window and not in the frame. */
  readonly link?: { readonly href: string; readonly text: string };
  /** The name of the product, for a page that has the window to itself. */
  readonly branded?: boolean;
}

/** Its colours are those of `app/globals.css`. */
const STYLE = `
:root{font:16px/1.5 system-ui,sans-serif;color:light-dark(#142327,#e8eff0);background:light-dark(#f6f8f8,#0e1618)}
body{margin:0;min-height:100vh;display:grid;place-items:center}
main{max-width:26rem;padding:2rem;text-align:center;text-wrap:balance}
h1{font-size:1.125rem;font-weight:600;margin:0 0 .5rem}
p{margin:0;color:light-dark(#506269,#9fb3b8)}
a{display:inline-block;margin-top:1.25rem;padding:.5rem 1rem;border-radius:.5rem;background:light-dark(#0f6b66,#58c4bb);color:light-dark(#fff,#06201f);font-weight:600;text-decoration:none}
a:focus-visible{outline:2px solid;outline-offset:2px}
svg{display:block;width:2.5rem;height:2.5rem;margin:0 auto 2rem}
i{display:block;width:1.75rem;height:1.75rem;margin:0 auto 1.25rem;border-radius:50%;border:3px solid light-dark(#dde5e6,#26363a);border-top-color:light-dark(#0f6b66,#58c4bb);animation:s 1.2s linear infinite}
@keyframes s{to{transform:rotate(1turn)}}
@media(prefers-reduced-motion:reduce){i{animation:none}}`;

/** In a frame: wear what the page around is changed to, as dashboards do. */
const THEME_SCRIPT = `
addEventListener("message",e=>{if(e.origin===location.origin&&e.data?.type==="kyros:theme")document.documentElement.style.colorScheme=e.data.theme??"light dark"});`;

/** Ask again every two seconds, and load the page as soon as something else is answered. */
const RETRY_SCRIPT = `
const again=async()=>{try{const r=await fetch(location.href,{method:"HEAD",cache:"no-store"});if(r.status<500){location.reload();return}}catch{}setTimeout(again,2000)};
setTimeout(again,2000);`;

/** The page as a response that nobody keeps. */
export function standInPage(page: StandIn): Response {
  const nonce = newNonce();
  return new Response(html(page, nonce), {
    status: page.status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      "Content-Security-Policy": standInPolicy(nonce),
      ...(page.retry === true ? { "Retry-After": "2" } : {}),
      [REQUEST_ID_HEADER]: page.requestId,
    },
  });
}

const MARK = `<svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#0f6b66"/><g fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"><path d="M10 8v16"/><path d="M10 18.5l5-3.5 7-7"/><path d="M15 15l7 9"/></g><circle cx="22" cy="8" r="2.6" fill="#8fe3da"/></svg>`;

function html({ title, message, theme, retry = false, link, branded = false }: StandIn, nonce: string): string {
  const mark = branded ? MARK : "";
  const spinner = retry ? "<i aria-hidden=\"true\"></i>" : "";
  const script = `<script nonce="${nonce}">${THEME_SCRIPT}${retry ? RETRY_SCRIPT : ""}</script>`;
  const style = `:root{color-scheme:${theme ?? "light dark"}}${STYLE}${branded ? "h1{font-size:1.5rem;letter-spacing:-.025em}" : ""}`;
  const withoutScript = retry ? '<noscript><meta http-equiv="refresh" content="4"></noscript>' : "";
  const way = link === undefined ? "" : `<a href="${escapeHtml(link.href)}" target="_top">${escapeHtml(link.text)}</a>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title>${withoutScript}<style nonce="${nonce}">${style}</style></head>
<body><main role="status">${mark}${spinner}<h1>${escapeHtml(title)}</h1><p>${escapeHtml(message)}</p>${way}</main>${script}</body></html>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
