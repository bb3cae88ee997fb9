"""What is allowed: pure functions on models and dated data."""
