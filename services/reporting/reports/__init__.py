"""Reports: one document model, and a renderer for each format that people ask for."""
