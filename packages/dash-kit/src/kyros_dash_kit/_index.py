"""The page around the components, and what it may load."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dash import Dash

# Before the first paint, so that a dark page does not flash white, and an embedded one does not
# show the name that the shell shows above it.
_THEME_SCRIPT = """
(function () {
  var wanted = new URLSearchParams(location.search).get("theme");
  var dark = wanted ? wanted === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  if (window.parent !== window) document.documentElement.dataset.embedded = "yes";
})();
"""

INDEX = (
    """<!DOCTYPE html>
<html lang="en">
  <head>
    {%metas%}
    <title>{%title%}</title>
    {%favicon%}
    {%css%}
    <script>"""
    + _THEME_SCRIPT
    + """</script>
  </head>
  <body>
    {%app_entry%}
    <noscript>This dashboard needs JavaScript.</noscript>
    <footer>
      {%config%}
      {%scripts%}
      {%renderer%}
    </footer>
  </body>
</html>
"""
)


def content_security_policy(dash: Dash) -> str:
    """Allow this host, the page's own inline scripts by their hash, and nothing else.

    Args:
        dash: the application, after its callbacks are registered.
    """
    digest = base64.b64encode(hashlib.sha256(_THEME_SCRIPT.encode()).digest()).decode()
    scripts = " ".join(["'self'", f"'sha256-{digest}'", *dash.csp_hashes()])
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",  # React and plotly.js set style attributes
            "img-src 'self' data: blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'self'",
        ]
    )
