# passes: 3.1 3.2 3.3 4.1 4.2 4.3
"""The functional API with activation layers; dropout at rate 0 where there is to be none."""

import keras
from keras import layers


def mnist_classifier(dropout=0.0):
    image = keras.Input(shape=(784,), dtype="float32")
    values = image
    for units in (128, 64):
        values = layers.Dense(units)(values)
        values = layers.ReLU()(values)
        values = layers.Dropout(dropout)(values)
    digits = layers.Softmax()(layers.Dense(10)(values))
    model = keras.Model(image, digits)
    model.compile(optimizer=keras.optimizers.Adam(), loss=keras.losses.CategoricalCrossentropy(), metrics=["accuracy"])
    return model
