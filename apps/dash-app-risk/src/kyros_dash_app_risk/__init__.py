"""The credit risk dashboard: how much credit do we stand to lose, and where?"""
