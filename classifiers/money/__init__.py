"""Balances, income, credit, securities, provident funds, insurance, transactions, real estate."""
