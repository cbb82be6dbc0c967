"""One thin, compiled Keras builder per exercise."""

import keras


def linear_regressor() -> keras.Model:
    """y = wx + b: one linear unit, mean squared error, SGD at its default rate."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse")
    return model


def iris_classifier(hidden_units: int = 10, activation: str = "relu") -> keras.Model:
    """Two features to three classes through one hidden layer."""
    model = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(hidden_units, activation=activation),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def mnist_classifier(dropout: float = 0.0) -> keras.Model:
    """784-128-64-10 with ReLU; a dropout layer after each hidden layer where `dropout` (0 to 1) is above 0."""
    layers = [keras.Input((784,))]
    for units in (128, 64):
        layers.append(keras.layers.Dense(units, activation="relu"))
        if dropout > 0:
            layers.append(keras.layers.Dropout(dropout))
    model = keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax")])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
