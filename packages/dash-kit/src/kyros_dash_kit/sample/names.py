"""What parameters of the sample stand for."""

PARTS = {"half": "Half", "rest": "The rest"}
SPANS = {"13": "3 months", "52": "1 year", "104": "2 years"}
TIMES = "\N{MULTIPLICATION SIGN}"
