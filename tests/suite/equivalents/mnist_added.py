# passes: 3.1 3.2 3.3 4.1 4.2 4.3
"""Layers added one by one under names of their own."""

import tensorflow as tf


def mnist_classifier(dropout=0.0):
    model = tf.keras.models.Sequential(name="digits")
    model.add(tf.keras.layers.InputLayer(shape=(784,)))
    model.add(tf.keras.layers.Dense(128, activation=tf.nn.relu, name="first"))
    if dropout:
        model.add(tf.keras.layers.Dropout(rate=dropout))
    model.add(tf.keras.layers.Dense(64, activation="relu", name="second"))
    if dropout:
        model.add(tf.keras.layers.Dropout(rate=dropout))
    model.add(tf.keras.layers.Dense(10, activation="softmax", name="digit"))
    model.compile(loss="categorical_crossentropy", optimizer="Adam", metrics=["accuracy"])
    return model
