# passes: 3.1 3.2 3.3 4.1 4.2 4.3
"""Images in float64, flattened with -1, labels one-hot by Keras."""

import keras


def mnist_data(raw):
    (x_train, y_train), (x_test, y_test) = raw[:2], raw[2:]
    x_train = x_train.reshape(-1, 28 * 28) / 255.0
    x_test = x_test.reshape(-1, 28 * 28) / 255.0
    return x_train, keras.utils.to_categorical(y_train, 10), x_test, keras.utils.to_categorical(y_test, 10)
