# passes: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.1 4.2 4.3
"""fit on a tf.data pipeline that is shuffled anew in each epoch."""

import keras
import tensorflow as tf


def train(model, x, y, recipe, seed=42):
    keras.utils.set_random_seed(seed)
    kept = int(len(x) * (1 - recipe.validation_split))
    samples = tf.data.Dataset.from_tensor_slices((x[:kept], y[:kept]))
    batches = samples.shuffle(kept, seed=seed, reshuffle_each_iteration=True).batch(recipe.batch_size)
    held_out = tf.data.Dataset.from_tensor_slices((x[kept:], y[kept:])).batch(256) if kept < len(x) else None
    return model.fit(batches, epochs=recipe.epochs, validation_data=held_out, verbose=0)
