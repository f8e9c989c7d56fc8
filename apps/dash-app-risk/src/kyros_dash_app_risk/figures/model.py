"""How good the model is: ranking, separation, calibration. All of it out of fold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kyros_dash_app_risk.figures.common import accounts, dot, interval
from kyros_dash_kit import Chart
from kyros_dash_kit.chart import axis_title, empty_chart, figure, legend, percent_axis, rows
from kyros_dash_kit.formats import percent, share
from kyros_dash_kit.theme import mix

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kyros_dash_app_risk.figures.common import Frame, Row, Rows
    from kyros_dash_kit import Theme

NO_MODEL = "There is no model for this portfolio"
_CHANCE = 0.5
_OUT_OF_FOLD = "Each account judged by a model that was fitted without it"


def roc(frame: Frame, theme: Theme, *, auc: Row | None) -> Chart:
    """Show which share of defaults is caught for each share of others refused.

    Args:
        frame: ``score``, ``cumulative_good``, ``cumulative_bad`` (shares at or below it).
        theme: the colours.
        auc: the row of the metric: ``value``, ``lower``, ``upper``.
    """
    points = rows(frame)
    if not points:
        return empty_chart(frame, theme, NO_MODEL)
    drawn = figure(
        [_roc_line(points, theme), _diagonal(theme)],
        theme,
        xaxis=percent_axis(
            theme, "Refused, of the accounts that did not default", range=[0, 100.5]
        ),
        yaxis=percent_axis(theme, "Refused, of those that defaulted", range=[0, 103]),
        annotations=[_chance_label(theme), *([_auc_label(theme, auc)] if auc else [])],
    )
    note = "Every account under a score is refused, for each score. " + _OUT_OF_FOLD + "."
    return Chart(_roc_title(auc), drawn, frame, note)


def _roc_title(auc: Row | None) -> str:
    if not auc or auc["value"] is None:
        return "How many defaults are caught, for how many others refused"
    if auc["lower"] is not None and auc["lower"] <= _CHANCE:
        return f"The score is hardly better than chance: AUC {auc['value']:.2f}, and 0.5 is chance"
    return (
        f"In {share(auc['value'])}{_between(auc)} of pairs of one account that defaulted "
        f"and one that did not, the former scores lower"
    )


def _between(metric: Row) -> str:
    if metric["lower"] is None or metric["upper"] is None:
        return ""
    return f" ({metric['lower'] * 100:.0f} to {percent(metric['upper'])})"


def _roc_line(points: Rows, theme: Theme) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [row["cumulative_good"] * 100 for row in points],
        "y": [row["cumulative_bad"] * 100 for row in points],
        "line": {"color": theme.accent, "width": 2.5},
        "fill": "tozeroy",
        "fillcolor": mix(theme.paper, theme.accent, 0.08),
        "customdata": [row["score"] for row in points],
        "hovertemplate": "Refusing all at or under <b>%{customdata}</b> points:<br>"
        "<b>%{y:.0f}\N{NO-BREAK SPACE}%</b> of defaults, and "
        "%{x:.0f}\N{NO-BREAK SPACE}% of the others<extra></extra>",
    }


def _diagonal(theme: Theme, highest: float = 100) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [0, highest],
        "y": [0, highest],
        "line": {"color": theme.muted, "width": 1, "dash": "dot"},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _chance_label(theme: Theme) -> dict[str, Any]:
    return _words(theme, 62, 55, "by chance", theme.muted)


def _auc_label(theme: Theme, auc: Row) -> dict[str, Any]:
    text = "" if auc["value"] is None else f"<b>AUC {auc['value']:.2f}</b>"
    if text and auc["lower"] is not None and auc["upper"] is not None:
        text += f"<br>{auc['lower']:.2f} to {auc['upper']:.2f}"
    return _words(theme, 62, 30, text, theme.ink)


def _words(theme: Theme, x: float, y: float, text: str, colour: str) -> dict[str, Any]:
    return {
        "x": x,
        "y": y,
        "text": text,
        "align": "left",
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "top",
        "bgcolor": mix(theme.paper, theme.accent, 0.08) if colour == theme.ink else None,
        "font": {"color": colour, "size": 13 if colour == theme.ink else 12},
    }


def kolmogorov_smirnov(frame: Frame, theme: Theme) -> Chart:
    """Show the scores of both outcomes added up, and where they are furthest apart.

    Args:
        frame: ``score``, ``cumulative_good``, ``cumulative_bad`` (shares at or below it).
        theme: the colours.
    """
    points = rows(frame)
    if not points:
        return empty_chart(frame, theme, NO_MODEL)
    widest = max(points, key=lambda row: row["cumulative_bad"] - row["cumulative_good"])
    drawn = figure(
        [
            _cumulative(points, "cumulative_bad", theme.alert, "Defaulted", "dash"),
            _cumulative(points, "cumulative_good", theme.muted, "Did not default", "solid"),
            _distance(widest, theme),
        ],
        theme,
        xaxis={"title": axis_title(theme, "Score (points; higher is safer)"), "nticks": 8},
        yaxis=percent_axis(theme, "Accounts at or under the score", range=[0, 103]),
        **legend(),
    )
    return Chart(_distance_title(widest), drawn, frame, _OUT_OF_FOLD)


def _distance_title(widest: Row) -> str:
    good, bad = widest["cumulative_good"], widest["cumulative_bad"]
    if bad <= good:
        return "The score does not tell defaults from the others"
    return (
        f"At {widest['score']:g} points the score separates best: {share(bad)} of defaults "
        f"are at or under it, {share(good)} of the others"
    )


def _cumulative(points: Rows, column: str, colour: str, name: str, dash: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [row["score"] for row in points],
        "y": [row[column] * 100 for row in points],
        "line": {"color": colour, "width": 2.5, "dash": dash},
        "hovertemplate": f"{name}: <b>%{{y:.0f}}\N{NO-BREAK SPACE}%</b> have at most "
        "<b>%{x}</b> points<extra></extra>",
    }


def _distance(widest: Row, theme: Theme) -> dict[str, Any]:
    good, bad = widest["cumulative_good"], widest["cumulative_bad"]
    return {
        "type": "scatter",
        "mode": "lines+markers+text",
        "showlegend": False,
        "x": [widest["score"]] * 2,
        "y": [good * 100, bad * 100],
        "line": {"color": theme.ink, "width": 1.5},
        "marker": {"color": theme.ink, "size": 7},
        "text": [f" <b>KS {percent(max(bad - good, 0))}</b>", ""],
        "textposition": "bottom right",
        "textfont": {"color": theme.ink, "size": 13},
        "hoverinfo": "skip",
    }


def calibration(frame: Frame, theme: Theme) -> Chart:
    """Show for groups of like accounts how many were said to default, and how many did.

    Args:
        frame: ``bin``, ``accounts``, ``predicted``, ``observed``, ``lower``, ``upper``.
        theme: the colours.
    """
    groups = rows(frame)
    if not groups:
        return empty_chart(frame, theme, NO_MODEL)
    highest = max(max(row["upper"], row["predicted"]) for row in groups) * 104
    drawn = figure(
        [_diagonal(theme, highest), _groups(groups, theme)],
        theme,
        xaxis=percent_axis(theme, "Mean PD of the group", range=[0, highest], nticks=6),
        yaxis=percent_axis(theme, "Share that defaulted", range=[0, highest], nticks=6),
    )
    note = "On the dotted line as many defaulted as was said. "
    note += "Lines: 95\N{NO-BREAK SPACE}% intervals (Wilson)."
    return Chart(_calibration_title(groups), drawn, frame, note)


def _calibration_title(groups: Rows) -> str:
    agreeing = sum(row["lower"] <= row["predicted"] <= row["upper"] for row in groups)
    if len(groups) == 1:
        only = groups[0]
        return f"Mean PD {percent(only['predicted'], 1)}; {percent(only['observed'], 1)} defaulted"
    if agreeing == len(groups):
        return f"PD and default rate agree in all {len(groups)} groups of accounts"
    return f"PD and default rate agree in {agreeing} of {len(groups)} groups of accounts"


def _groups(groups: Rows, theme: Theme) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row["predicted"] * 100 for row in groups],
        "y": [row["observed"] * 100 for row in groups],
        "error_y": interval(groups, "observed", theme),
        "marker": dot(theme, theme.accent),
        "customdata": [
            [accounts(row["accounts"]), percent(row["lower"], 1), percent(row["upper"], 1)]
            for row in groups
        ],
        "hovertemplate": "%{customdata[0]}: mean PD <b>%{x:.1f}\N{NO-BREAK SPACE}%</b><br>"
        "<b>%{y:.1f}\N{NO-BREAK SPACE}%</b> defaulted<br>"
        "95\N{NO-BREAK SPACE}% interval: %{customdata[1]} to %{customdata[2]}<extra></extra>",
    }


def metric(frame: Mapping[str, Any], name: str) -> Row | None:
    """Return one row of the metrics, None where it is not there."""
    return next((row for row in rows(frame) if row["metric"] == name), None)
