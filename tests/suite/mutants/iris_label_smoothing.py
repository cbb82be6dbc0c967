# fails: 2.1 2.2 2.3
# told: step
"""The labels are smoothed by 0.1 in the loss (LCH)."""

import keras


def iris_classifier(hidden_units=10, activation="relu"):
    model = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(hidden_units, activation=activation),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(
        optimizer="adam", loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1), metrics=["accuracy"]
    )
    return model
