# fails: 2.1 2.2 2.3
# told: amsgrad
# alone: 2::test_optimizer_settings
"""Adam's variant AMSGrad (OCH)."""

import keras


def iris_classifier(hidden_units=10, activation="relu"):
    model = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(hidden_units, activation=activation),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(amsgrad=True), loss="categorical_crossentropy", metrics=["accuracy"])
    return model
