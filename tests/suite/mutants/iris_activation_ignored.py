# fails: 2.3
# told: layers
"""The hidden layer stays ReLU when sigmoid is asked for (ACH)."""

import keras


def iris_classifier(hidden_units=10, activation="relu"):
    model = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(hidden_units, activation="relu"),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
