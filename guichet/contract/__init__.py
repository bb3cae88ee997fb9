"""What travels between a workstation and the centre, and the limits both keep."""
