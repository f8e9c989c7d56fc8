"""What this dashboard's terms mean; each has a hint where it stands first on a tab."""

GLOSSARY = {
    "P(alive)": (
        "The probability that a customer is still active and may buy again. It falls with silence, "
        "and faster for those who used to buy often."
    ),
    "BG/NBD": (
        "Beta-geometric/negative binomial distribution: the model of how often customers buy while "
        "they are active, and of when they silently stop (Fader, Hardie and Lee, 2005)."
    ),
    "Gamma-Gamma": (
        "The model of how much customers spend on a purchase, which takes that to have nothing to "
        "do with how often they buy (Fader and Hardie, 2013)."
    ),
}
# Of figures whose label says too little.
STILL_ACTIVE = (
    "The probabilities of being still active, P(alive), added up over all customers. Who bought "
    "once counts as active: the model sees customers leave only after a repeat purchase."
)
BUY_AGAIN = (
    "How many customers make at least one more purchase within the period: the probability of "
    "that, which the model gives for each customer, added up. It is less than those still active, "
    "because not everybody who may buy does so in time; and less than the expected purchases, "
    "because some buy several times."
)
