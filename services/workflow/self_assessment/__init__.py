"""A policy read against the Housing Ombudsman's Code, provision by provision."""
