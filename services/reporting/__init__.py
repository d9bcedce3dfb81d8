"""The register: a row and a timeline per complaint, folded from its events."""
