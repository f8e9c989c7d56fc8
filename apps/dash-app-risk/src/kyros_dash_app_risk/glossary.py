"""What this dashboard's terms mean; each has a hint where it stands first on a tab."""

from kyros_dash_app_risk.figures.common import TIMES

_EAD = "Exposure at default (EAD): what is owed at the moment when an account defaults."

GLOSSARY = {
    "PD": "Probability of default: how likely an account is not to be paid back as agreed.",
    "LGD": "Loss given default: the share of the exposure that is lost when an account defaults.",
    "EAD": _EAD,
    "Exposure": _EAD,
    "Expected loss": (
        f"What the model expects to be lost: PD {TIMES} LGD {TIMES} EAD of each account, added up."
    ),
    "WoE": (
        "Weight of evidence: the logarithm of how much more often accounts with this answer are "
        "paid back than all accounts are. Above 0 it speaks for an account, below against it."
    ),
    "IV": (
        "Information value: how much one characteristic alone tells good accounts from bad ones; "
        "the differences of both over its answers, weighted by their weight of evidence."
    ),
    "AUC": (
        "Area under the curve: of one account that defaulted and one that did not, how probable it "
        "is that the former scores lower. 0.5 is chance, 1 is perfect."
    ),
    "Gini": "The same as the AUC on another scale: 2 AUC - 1. 0 is chance, 1 is perfect.",
    "KS": (
        "Kolmogorov-Smirnov: the widest distance, over all scores, of the shares of defaulted and "
        "of other accounts that are at or under it. 0 is no distance, 1 is perfect."
    ),
    "Brier": (
        "The mean of the squared differences between the PD and what happened, 1 for a default and "
        "0 for none. 0 is perfect."
    ),
}
