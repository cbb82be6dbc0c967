# fails: 2.1 2.2 2.3
# told: initial
"""All kernels start at zero, so the hidden units stay alike (WCI)."""

import keras


def iris_classifier(hidden_units=10, activation="relu"):
    model = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(hidden_units, activation=activation, kernel_initializer="zeros"),
            keras.layers.Dense(3, activation="softmax", kernel_initializer="zeros"),
        ]
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
