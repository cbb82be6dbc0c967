# passes: 1.1 1.2 1.3 2.1 2.2 2.3
"""Recipes as plain dicts."""

RECIPES = {
    "linear": {"epochs": 100, "batch_size": 32},
    "iris": {"epochs": 100, "batch_size": 32, "validation_split": 0.0},
}
