"""The dashboard's slug, and the ids of its components; a control's id is its URL parameter."""

SLUG = "risk-analysis"

LOSS, SCORE, MODEL, ACCOUNTS = "loss", "score", "model", "accounts"  # tabs
MODEL_TITLE = "How good is the model"

CUT = "by"
PART = "part"
BAND = "band"
AMOUNT = "amount"
CHARACTERISTIC = "characteristic"
STRESS = "stress"
LGD = "lgd"
ACCOUNT = "account"
SEARCH = "find"

LOSS_BY_SEGMENT = "loss-by-segment"
EXPOSURE_BY_SEGMENT = "exposure-by-segment"
DEFAULT_RATE = "default-rate"
LOSS_UNDER_STRESS = "loss-under-stress"
LOSS_BY_SIZE = "loss-by-size"
SCORE_DISTRIBUTION = "score-distribution"
DRIVERS = "drivers"
POINTS = "points"
POINTS_TABLE = "points-table"
ROC = "roc"
DISTANCE = "distance"
CALIBRATION = "calibration"
METRICS = "metrics"
MODEL_CARD = "model-card"
GRID = "grid"
ACCOUNT_POINTS = "account-points"
ACCOUNT_TABLE = "account-table"

# A grid has its columns once for all tenants; these stand for the segments of the one at hand.
SEGMENT_COLUMNS = tuple(f"segment_{number}" for number in range(1, 9))
