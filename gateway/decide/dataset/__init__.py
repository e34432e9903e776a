"""A payload beside a dataset: positive security, field by field, in every format that a dataset can describe."""
