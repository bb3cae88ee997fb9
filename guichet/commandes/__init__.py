"""What each command does; imported when it is asked for, so that the window starts light."""
