# passes: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.1 4.2 4.3
"""A loop over train_on_batch, whose results are averaged by hand, with evaluate after each epoch."""

import numpy as np


def train(model, x, y, recipe, seed=42):
    orders = np.random.RandomState(seed)
    kept = int(len(x) * (1 - recipe.validation_split))
    history = {}
    for _ in range(recipe.epochs):
        order = orders.permutation(kept)
        sums = {}
        for start in range(0, kept, recipe.batch_size):
            rows = order[start : start + recipe.batch_size]
            model.reset_metrics()
            for name, value in model.train_on_batch(x[rows], y[rows], return_dict=True).items():
                sums[name] = sums.get(name, 0.0) + float(value) * len(rows)
        results = {name: total / kept for name, total in sums.items()}
        if kept < len(x):
            held_out = model.evaluate(x[kept:], y[kept:], batch_size=512, verbose=0, return_dict=True)
            results |= {f"val_{name}": value for name, value in held_out.items()}
        for name, value in results.items():
            history.setdefault(name, []).append(float(value))
    return history
