"""The network of regions: likeness and supply, groups, who links them, and the forms it is told in."""
