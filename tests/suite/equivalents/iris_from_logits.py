# passes: 2.1 2.2 2.3
"""from_logits=True on Keras's own softmax: Keras warns, and takes the logits, so nothing is wrong but the word."""

import keras


def iris_classifier(hidden_units=10, activation="relu"):
    layers = [keras.layers.Dense(hidden_units, activation=activation), keras.layers.Dense(3, activation="softmax")]
    model = keras.Sequential([keras.Input((2,)), *layers])
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    return model
