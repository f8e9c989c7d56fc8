"""The customer lifetime value dashboard: what are our customers worth?"""
