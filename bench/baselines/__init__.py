"""What others do with the same recognisers, for ratios in the same run."""
