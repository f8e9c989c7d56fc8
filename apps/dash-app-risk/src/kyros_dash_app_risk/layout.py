"""What the page holds."""

from kyros_dash_app_risk import ids
from kyros_dash_kit import Filter, Page, Slot

PAGE = Page(
    title="Risk analysis",
    question="How much credit do we stand to lose, and where?",
    key_figures=4,
    filters=[Filter(ids.SEGMENT, "Cut the portfolio by")],
    slots=[
        Slot(ids.DEFAULT_RATE),
        Slot(ids.SEGMENT_EXPOSURE),
        Slot(ids.ACCOUNT_SIZE, wide=True),
    ],
)
