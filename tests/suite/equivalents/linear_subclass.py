# passes: 1.1 1.2 1.3
"""The linear unit as a class of its own."""

import keras


class Line(keras.Model):
    """wx + b."""

    def __init__(self):
        super().__init__()
        self.unit = keras.layers.Dense(1)

    def call(self, inputs):
        return self.unit(inputs)


def linear_regressor():
    model = Line()
    model.build((None, 1))
    model.compile(optimizer="sgd", loss="mse")
    return model
