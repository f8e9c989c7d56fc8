"""What the page holds."""

from kyros_dash_app_risk import ids
from kyros_dash_app_risk.figures.common import TIMES
from kyros_dash_app_risk.glossary import GLOSSARY
from kyros_dash_kit import (
    Column,
    Filter,
    GridSlot,
    Hidden,
    Page,
    Panel,
    Slider,
    Slot,
    Tab,
    TableSlot,
)

_PORTFOLIO = (ids.LOSS, ids.SCORE, ids.ACCOUNTS)  # the tabs that a part of it can be chosen on
_WHAT_IF = (ids.LOSS, ids.ACCOUNTS)

PAGE = Page(
    title="Risk Analysis",
    question="How much credit do we stand to lose, and where?",
    filters=[
        Filter(ids.CUT, "Cut by", tabs=(ids.LOSS,)),
        Filter(ids.PART, "Part of the portfolio", tabs=_PORTFOLIO),
        Filter(ids.BAND, "Risk", tabs=_PORTFOLIO),
        Filter(ids.AMOUNT, "Exposure of the account", tabs=_PORTFOLIO),
        Slider(ids.STRESS, "What if: PD stress", 0.5, 3, 0.1, 1, TIMES, _WHAT_IF),
        Slider(ids.LGD, "What if: LGD", 0, 100, 1, 45, "%", _WHAT_IF),
        Filter(ids.CHARACTERISTIC, "Points of", tabs=(ids.SCORE,)),
        Hidden(ids.ACCOUNT),
        Hidden(ids.SEARCH),
    ],
    tabs=[
        Tab(
            ids.LOSS,
            "Expected loss",
            [
                Slot(ids.LOSS_BY_SEGMENT, click=ids.PART),
                Slot(ids.EXPOSURE_BY_SEGMENT, click=ids.PART),
                Slot(ids.DEFAULT_RATE, click=ids.PART),
                Slot(ids.LOSS_UNDER_STRESS),
                Slot(ids.LOSS_BY_SIZE),
            ],
            key_figures=5,
        ),
        Tab(
            ids.SCORE,
            "Score",
            [
                Slot(ids.SCORE_DISTRIBUTION, wide=True),
                Slot(ids.DRIVERS, click=ids.CHARACTERISTIC),
                Slot(ids.POINTS),
                TableSlot(ids.POINTS_TABLE, wide=True),
            ],
        ),
        Tab(
            ids.MODEL,
            ids.MODEL_TITLE,
            [
                Slot(ids.ROC),
                Slot(ids.DISTANCE),
                Slot(ids.CALIBRATION),
                TableSlot(ids.METRICS),
                TableSlot(ids.MODEL_CARD, wide=True),
            ],
            key_figures=4,
        ),
        Tab(
            ids.ACCOUNTS,
            "Accounts",
            [
                GridSlot(
                    ids.GRID,
                    [
                        # What matters most comes first: a telephone shows three columns.
                        Column("account_id", "Account", width=100),
                        Column("pd", "PD", "percent", width=90),
                        Column("expected_loss", "Expected loss", "money", width=145, decimals=0),
                        Column("exposure", "Exposure", "money", width=130, decimals=0),
                        Column("score", "Score", "number", width=90),
                        Column("defaulted", "Defaulted", width=105),
                        *[Column(name, "", width=160) for name in ids.SEGMENT_COLUMNS],
                    ],
                    key="account_id",
                    title="Choose an account to see what its score is made of",
                    unit="accounts",
                    click=ids.ACCOUNT,
                    search=ids.SEARCH,
                    search_label="Find an account",
                    note=f"Expected loss is PD {TIMES} LGD {TIMES} exposure.",
                ),
                Panel(
                    ids.ACCOUNT,
                    [Slot(ids.ACCOUNT_POINTS), TableSlot(ids.ACCOUNT_TABLE)],
                    key_figures=5,
                ),
            ],
        ),
    ],
    glossary=GLOSSARY,
)
