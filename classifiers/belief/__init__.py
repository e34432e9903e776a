"""Religion, politics, trade unions."""
