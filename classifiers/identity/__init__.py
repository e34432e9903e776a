"""Disability, occupations not fit for publication, relief, pictures of identity documents."""
