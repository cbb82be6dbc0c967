# fails: 3.1 3.2
# told: layers
# alone: 3::test_layers
"""64 units in the first hidden layer instead of 128."""

import keras


def mnist_classifier(dropout=0.0):
    layers = [keras.Input((784,))]
    for units in (64, 64):
        layers.append(keras.layers.Dense(units, activation="relu"))
        if dropout > 0:
            layers.append(keras.layers.Dropout(dropout))
    model = keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax")])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
