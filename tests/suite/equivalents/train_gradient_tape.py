# passes: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.1 4.2 4.3
"""A loop by hand with a GradientTape; losses and accuracies are averaged by hand."""

import keras
import numpy as np
import tensorflow as tf


def train(model, x, y, recipe, seed=42):
    x, y = tf.constant(x, tf.float32), tf.constant(y, tf.float32)
    kept = int(len(x) * (1 - recipe.validation_split))
    loss_of = keras.losses.get(model.loss)
    orders = np.random.default_rng(seed)

    @tf.function
    def step(rows):
        features, targets = tf.gather(x, rows), tf.gather(y, rows)
        with tf.GradientTape() as tape:
            outputs = model(features, training=True)
            loss = tf.reduce_mean(loss_of(targets, outputs)) + sum(model.losses)
        model.optimizer.apply_gradients(
            zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables, strict=True)
        )
        return loss, accuracy(targets, outputs)

    def accuracy(targets, outputs):
        return tf.reduce_mean(tf.cast(tf.argmax(targets, 1) == tf.argmax(outputs, 1), tf.float32))

    names = ["loss", "accuracy"][: min(2, y.shape[1])]
    history = {name: [] for name in names} | ({f"val_{name}": [] for name in names} if kept < len(x) else {})
    model.optimizer.build(model.trainable_variables)
    for _ in range(recipe.epochs):
        order = orders.permutation(kept)
        batches = [order[start : start + recipe.batch_size] for start in range(0, kept, recipe.batch_size)]
        measured = [[float(value) for value in step(tf.constant(rows))] for rows in batches]
        means = np.average(measured, axis=0, weights=[len(rows) for rows in batches])
        for name, mean in zip(names, means, strict=False):
            history[name].append(float(mean))
        if kept < len(x):
            outputs = model(x[kept:], training=False)
            history["val_loss"].append(float(tf.reduce_mean(loss_of(y[kept:], outputs))))
            history["val_accuracy"].append(float(accuracy(y[kept:], outputs)))
    return history
