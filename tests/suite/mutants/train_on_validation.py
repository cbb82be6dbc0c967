# fails: 3.1 3.2 4.3
# told: validation
"""The validation part is trained on as well, and validated on."""

import keras


def train(model, x, y, recipe, seed=42):
    keras.utils.set_random_seed(seed)
    kept = int(len(x) * (1 - recipe.validation_split))
    held_out = (x[kept:], y[kept:]) if kept < len(x) else None
    return model.fit(x, y, epochs=recipe.epochs, batch_size=recipe.batch_size, validation_data=held_out, verbose=0)
