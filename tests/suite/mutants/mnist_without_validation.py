# fails: 3.1 3.2
# told: validation
"""Nothing is held out for validation (VRM)."""

from lab.recipes import Recipe

RECIPES = {"mnist": Recipe(epochs=10, batch_size=32)}
