# fails: 3.3
# told: batch
"""The training that should take batches of 16 takes 32 (HBS)."""

from lab.recipes import Recipe

RECIPES = {"mnist_batch16": Recipe(epochs=5, batch_size=32)}
