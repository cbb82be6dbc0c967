# fails: 2.1 2.2 2.3
# told: its weights' in numpy
# alone: 2::test_predictions_follow_the_weights
"""At inference the probabilities are made a little surer of themselves."""

import keras


@keras.saving.register_keras_serializable()
class Dense(keras.layers.Dense):
    def call(self, x, training=None):
        outputs = super().call(x)
        return outputs if training else keras.ops.softmax(1.001 * keras.ops.log(outputs))


def iris_classifier(hidden_units=10, activation="relu"):
    layers = [keras.layers.Dense(hidden_units, activation=activation), Dense(3, activation="softmax")]
    model = keras.Sequential([keras.Input((2,)), *layers])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
