# passes: 2.1 2.2 2.3
"""The functional API, with optimizer, loss and metric as objects and the defaults written out."""

import keras
from keras import layers


def iris_classifier(hidden_units=10, activation="relu"):
    flower = keras.Input(shape=(2,))
    hidden = layers.Dense(hidden_units, activation=keras.activations.get(activation), use_bias=True)(flower)
    species = layers.Dense(3, activation=keras.activations.softmax, kernel_initializer="glorot_uniform")(hidden)
    model = keras.Model(inputs=flower, outputs=species)
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-3, beta_1=0.9, beta_2=0.999, epsilon=1e-7),
        loss=keras.losses.CategoricalCrossentropy(from_logits=False),
        metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
    )
    return model
