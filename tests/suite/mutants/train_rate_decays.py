# fails: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.3
# told: rate
"""The learning rate is halved after half of the epochs (HLR)."""

from dataclasses import replace

from lab.training import train as train_rightly


def train(model, x, y, recipe, seed=42):
    half = max(1, recipe.epochs // 2)
    first = train_rightly(model, x, y, replace(recipe, epochs=half), seed)
    if half == recipe.epochs:
        return first
    model.optimizer.learning_rate = float(model.optimizer.learning_rate) / 2
    second = train_rightly(model, x, y, replace(recipe, epochs=recipe.epochs - half), seed + 1)
    return {name: first[name] + second[name] for name in first}
