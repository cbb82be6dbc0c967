# fails: 2.1 2.2 2.3
# told: layers
"""One model for every call: the first one, trained on and on."""

import keras

MODEL = []


def iris_classifier(hidden_units=10, activation="relu"):
    if not MODEL:
        layers = [keras.layers.Dense(hidden_units, activation=activation), keras.layers.Dense(3, activation="softmax")]
        model = keras.Sequential([keras.Input((2,)), *layers])
        model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
        MODEL.append(model)
    return MODEL[0]
