"""Analysis, index, ranking and suggestions."""
