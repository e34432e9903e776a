"""Sex life, sexual orientation, intimate images."""
