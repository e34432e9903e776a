"""Health: conditions, medication, examinations, treatment, vaccination, claims, bodies."""
