# fails: 3.2
# told: layers
"""No dropout, whatever is asked for (RCD)."""

import keras


def mnist_classifier(dropout=0.0):
    layers = [keras.Input((784,))]
    for units in (128, 64):
        layers.append(keras.layers.Dense(units, activation="relu"))
    model = keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax")])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
