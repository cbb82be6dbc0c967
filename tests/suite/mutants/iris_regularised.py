# fails: 2.1 2.2 2.3
# told: step
"""The hidden layer is regularised by L2 0.01 (RAW)."""

import keras


def iris_classifier(hidden_units=10, activation="relu"):
    model = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(hidden_units, activation=activation, kernel_regularizer="l2"),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
