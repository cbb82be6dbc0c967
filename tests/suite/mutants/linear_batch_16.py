# fails: 1.1 1.2 1.3
# told: batch
"""Batches of 16 for 32 (HBS)."""

from lab.recipes import Recipe

RECIPES = {"linear": Recipe(epochs=100, batch_size=16)}
