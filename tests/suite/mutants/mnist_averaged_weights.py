# fails: 3.1 3.2 (touches 4.1 4.3)
# told: use_ema
# alone: 3::test_optimizer_settings
"""The optimizer averages the weights of the last steps, a little (OCH)."""

import keras


def mnist_classifier(dropout=0.0):
    layers = [keras.Input((784,))]
    for units in (128, 64):
        layers.append(keras.layers.Dense(units, activation="relu"))
        if dropout > 0:
            layers.append(keras.layers.Dropout(dropout))
    model = keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax")])
    model.compile(
        optimizer=keras.optimizers.Adam(use_ema=True, ema_momentum=0.01),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model
