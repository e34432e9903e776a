"""Native message -> Transfer -> native message; no rule lives here."""
