# Everything in functions and loops: nothing but their results stays in the notebook's names.
# passes: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.1 4.2 4.3

# %%
import os
import time

import numpy as np
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from tensorflow import keras
from tensorflow.keras.layers import Dense, Dropout, Input
from tensorflow.keras.models import Sequential, load_model


# %%
def network(inputs, *layers, loss="categorical_crossentropy", optimizer="adam", metrics=("accuracy",)):
    model = Sequential([Input((inputs,)), *layers])
    model.compile(optimizer=optimizer, loss=loss, metrics=list(metrics))
    return model


def task_1(noises=(1, 5), epochs=100):
    results = {}
    X = np.random.uniform(0, 10, (100, 1))
    for noise in noises:
        Y = 3 * X + 5 + noise * np.random.standard_normal((100, 1))
        model = network(1, Dense(1), loss="mse", optimizer="sgd", metrics=())
        losses = model.fit(X, Y, epochs=epochs, verbose=0).history["loss"]
        w, b = model.get_weights()
        results[noise] = w.item(), b.item(), losses[-1], np.abs(model.predict(X, verbose=0) - 3 * X - 5).mean()
    return results


print(task_1())


# %%
def task_2():
    iris = load_iris()
    parts = train_test_split(iris.data[:, :2], keras.utils.to_categorical(iris.target), test_size=0.3, random_state=42)
    X_train, X_test, y_train, y_test = parts
    scaler = StandardScaler()
    X_train, X_test = scaler.fit_transform(X_train), scaler.transform(X_test)
    for units, activation in ((10, "relu"), (50, "relu"), (10, "sigmoid")):
        model = network(2, Dense(units, activation=activation), Dense(3, activation="softmax"))
        model.fit(X_train, y_train, epochs=100, verbose=0)
        yield units, activation, model.evaluate(X_test, y_test, verbose=0)[1]


print(list(task_2()))


# %%
def mnist():
    for images, labels in keras.datasets.mnist.load_data():
        yield images.reshape(-1, 784).astype("float32") / 255.0
        yield keras.utils.to_categorical(labels, 10)


def digits(rate=0.0):
    hidden = [Dense(128, activation="relu"), Dense(64, activation="relu")]
    if rate:
        hidden = [hidden[0], Dropout(rate), hidden[1], Dropout(rate)]
    return network(784, *hidden, Dense(10, activation="softmax"))


def train(model, epochs=10, batch_size=32, **options):
    started = time.time()
    history = model.fit(x_train, y_train, epochs=epochs, batch_size=batch_size, verbose=0, **options)
    return history.history, time.time() - started, model.evaluate(x_test, y_test, verbose=0)[1]


x_train, y_train, x_test, y_test = mnist()

# %%
models = {rate: digits(rate) for rate in (0.0, 0.3)}
for rate, model in models.items():
    print(rate, train(model, validation_split=0.1)[2])
for size in (128, 64, 32, 16):
    print(size, train(digits(), 5, size)[1:])


# %%
def task_4(model):
    model.save("m.keras")
    model.save("m.h5", include_optimizer=False)
    loaded = load_model("m.keras")
    print(np.allclose(model.predict(x_test[:100], verbose=0), loaded.predict(x_test[:100], verbose=0)))
    print(os.path.getsize("m.keras"), os.path.getsize("m.h5"))
    bare = load_model("m.h5")
    bare.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    for each in (loaded, bare):
        print(train(each, 2, validation_split=0.1))


task_4(models[0.0])
