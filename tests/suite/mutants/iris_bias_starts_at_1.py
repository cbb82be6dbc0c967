# fails: 2.1 2.2 2.3
# told: start at zero
# alone: 2::test_initial_biases
"""The hidden layer's biases start at 1 (WCI)."""

import keras


def iris_classifier(hidden_units=10, activation="relu"):
    model = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(hidden_units, activation=activation, bias_initializer="ones"),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
