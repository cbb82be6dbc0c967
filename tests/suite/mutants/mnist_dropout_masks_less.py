# fails: 3.2
# told: zeroed in training
# alone: 3::test_masking
"""The dropout layers say 0.3 and zero 0.29 (RCD)."""

import keras


class Dropout(keras.layers.Dropout):
    def call(self, x, training=False):
        if not training or self.rate == 0:
            return x
        return keras.random.dropout(x, self.rate - 0.01, seed=self.seed_generator)


def mnist_classifier(dropout=0.0):
    layers = [keras.Input((784,))]
    for units in (128, 64):
        layers.append(keras.layers.Dense(units, activation="relu"))
        if dropout > 0:
            layers.append(Dropout(dropout))
    model = keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax")])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
