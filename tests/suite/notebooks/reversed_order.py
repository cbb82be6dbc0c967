# The exercises from last to first: saving before Iris and the line; copies by clone_model and set_weights.
# passes: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.1 4.2 4.3

# %%
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, models

(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
x_train, x_test = (x.reshape(-1, 784).astype("float32") / 255 for x in (x_train, x_test))
y_train, y_test = (tf.keras.utils.to_categorical(y, 10) for y in (y_train, y_test))
model = models.Sequential(
    [
        layers.Input((784,)),
        layers.Dense(128, activation="relu"),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
untrained = models.clone_model(model)
untrained.set_weights(model.get_weights())
model.fit(x_train, y_train, epochs=10, batch_size=32, validation_split=0.1, verbose=0)

# %% [markdown]
# ## Task 4

# %%
model.save("digits.keras")
model.save("digits.h5")
loaded = models.load_model("digits.h5")
print("same predictions:", np.allclose(model.predict(x_test[:100]), loaded.predict(x_test[:100]), atol=1e-5))

# %%
without_state = models.clone_model(model)
without_state.set_weights(loaded.get_weights())
without_state.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
without_state.fit(x_train, y_train, epochs=2, batch_size=32, validation_split=0.1, verbose=0)

# %%
with_state = models.load_model("digits.keras")
with_state.fit(x_train, y_train, epochs=2, batch_size=32, validation_split=0.1, verbose=0)

# %% [markdown]
# ## Task 3

# %%
print(model.evaluate(x_test, y_test, verbose=0))
for size in (128, 64, 32, 16):
    trial = models.clone_model(untrained)
    trial.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    trial.fit(x_train, y_train, epochs=5, batch_size=size, verbose=0)
    print(size, trial.evaluate(x_test, y_test, verbose=0))

# %%
dropout = models.Sequential()
dropout.add(layers.Input((784,)))
dropout.add(layers.Dense(128, activation="relu"))
dropout.add(layers.Dropout(0.3))
dropout.add(layers.Dense(64, activation="relu"))
dropout.add(layers.Dropout(0.3))
dropout.add(layers.Dense(10, activation="softmax"))
dropout.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
dropout.fit(x_train, y_train, epochs=10, batch_size=32, validation_split=0.1, verbose=0)
print(dropout.evaluate(x_test, y_test, verbose=0))

# %% [markdown]
# ## Task 2

# %%
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

X, y = load_iris(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X[:, :2], y, test_size=0.3, random_state=42)
scaler = StandardScaler().fit(X_train)
y_train, y_test = tf.keras.utils.to_categorical(y_train), tf.keras.utils.to_categorical(y_test)
for units, activation in ((10, "sigmoid"), (50, "relu"), (10, "relu")):
    net = models.Sequential([layers.Dense(units, activation=activation), layers.Dense(3, activation="softmax")])
    net.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    net.fit(scaler.transform(X_train), y_train, epochs=100, verbose=0)
    print(units, activation, net.evaluate(scaler.transform(X_test), y_test, verbose=0))

# %% [markdown]
# ## Task 1

# %%
X = np.random.rand(100, 1) * 10
for std in (5, 1):
    Y = 3 * X + 5 + np.random.normal(0, std, X.shape)
    line = models.Sequential([layers.Dense(1)])
    line.compile("sgd", "mse")
    line.fit(X, Y, epochs=100, verbose=0)
    print(std, line.get_weights())
