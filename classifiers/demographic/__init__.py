"""Ethnicity, marital status, age, sex, nationality, birthplace, education, occupation."""
