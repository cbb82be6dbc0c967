# fails: 2.1 2.2 2.3
# told: batch
"""Batches of 16 for 32 (HBS)."""

from lab.recipes import Recipe

RECIPES = {"iris": Recipe(epochs=100, batch_size=16)}
