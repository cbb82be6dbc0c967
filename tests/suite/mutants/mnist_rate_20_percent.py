# fails: 3.1 3.2 4.3
# told: rate
# alone: 3::test_first_steps 4::test_first_step_without_state
"""20 % more learning rate (HLR)."""

import keras


def mnist_classifier(dropout=0.0):
    layers = [keras.Input((784,))]
    for units in (128, 64):
        layers.append(keras.layers.Dense(units, activation="relu"))
        if dropout > 0:
            layers.append(keras.layers.Dropout(dropout))
    model = keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax")])
    model.compile(optimizer=keras.optimizers.Adam(0.0012), loss="categorical_crossentropy", metrics=["accuracy"])
    return model
