"""What the page holds."""

from kyros_dash_app_risk import ids
from kyros_dash_kit import Filter, Page, Slot, Tab

PAGE = Page(
    title="Risk analysis",
    question="How much credit do we stand to lose, and where?",
    filters=[Filter(ids.SEGMENT, "Cut the portfolio by")],
    tabs=[
        Tab(
            "loss",
            "Overview",
            [
                Slot(ids.DEFAULT_RATE),
                Slot(ids.SEGMENT_EXPOSURE),
                Slot(ids.ACCOUNT_SIZE, wide=True),
            ],
            key_figures=4,
        )
    ],
)
