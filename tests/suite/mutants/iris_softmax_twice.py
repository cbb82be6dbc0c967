# fails: 2.1 2.2 2.3
# told: the loss, an activation
"""Softmax is taken twice: from_logits=True on probabilities, which Keras cannot see as they come by hand (LCH)."""

import keras


def softmax(values):
    powers = keras.ops.exp(values - keras.ops.max(values, axis=-1, keepdims=True))
    return powers / keras.ops.sum(powers, axis=-1, keepdims=True)


def iris_classifier(hidden_units=10, activation="relu"):
    layers = [keras.layers.Dense(hidden_units, activation=activation), keras.layers.Dense(3, activation=softmax)]
    model = keras.Sequential([keras.Input((2,)), *layers])
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    return model
