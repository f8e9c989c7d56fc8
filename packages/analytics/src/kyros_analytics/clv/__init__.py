"""Customer lifetime value: BG/NBD for purchases, Gamma-Gamma for spend.

``summary`` turns transactions into what the models know of a customer; ``bg_nbd`` and
``gamma_gamma`` fit and predict; ``moments`` looks ahead to a horizon, discounted; ``checks`` holds
the predictions to what happened; ``simulation`` makes up customers of known behaviour.
"""
