"""What would happen: scenarios played against a policy, and told."""
