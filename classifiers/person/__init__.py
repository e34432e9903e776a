"""Names of persons of the mainland, Hong Kong and Macao."""
