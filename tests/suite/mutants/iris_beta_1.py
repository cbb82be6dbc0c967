# fails: 2.1 2.2 2.3
# told: step
"""Adam forgets its first moment faster: beta_1 0.8 (OCH)."""

import keras


def iris_classifier(hidden_units=10, activation="relu"):
    model = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(hidden_units, activation=activation),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(beta_1=0.8), loss="categorical_crossentropy", metrics=["accuracy"])
    return model
