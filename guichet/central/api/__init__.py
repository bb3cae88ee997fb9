"""The doors of the centre, one router per noun."""
