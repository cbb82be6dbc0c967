# fails: 3.1 3.2 3.3 4.3 (touches 4.1 4.2)
# told: oracle's weights
"""One model for every call: the first one, trained on and on."""

import keras

MODELS = {}


def mnist_classifier(dropout=0.0):
    if dropout not in MODELS:
        layers = [keras.Input((784,))]
        for units in (128, 64):
            layers.append(keras.layers.Dense(units, activation="relu"))
            if dropout > 0:
                layers.append(keras.layers.Dropout(dropout))
        model = keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax")])
        model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
        MODELS[dropout] = model
    return MODELS[dropout]
