"""What a region can learn from others: practices, regions to visit, and ways from a practice to a policy instrument."""
