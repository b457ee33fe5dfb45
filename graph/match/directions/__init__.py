"""The other directions of matching: from a facility, from a region, from a policy instrument."""
