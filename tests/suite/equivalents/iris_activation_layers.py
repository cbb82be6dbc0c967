# passes: 2.1 2.2 2.3
"""Layers added one by one, each activation a layer of its own."""

import keras


def iris_classifier(hidden_units=10, activation="relu"):
    model = keras.Sequential()
    model.add(keras.Input(shape=(2,)))
    model.add(keras.layers.Dense(hidden_units))
    model.add(keras.layers.Activation(activation))
    model.add(keras.layers.Dense(3))
    model.add(keras.layers.Activation("softmax"))
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
