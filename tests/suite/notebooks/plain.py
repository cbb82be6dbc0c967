# The plain style: one model after the other, tf.keras, Sequential, one name for each thing.
# passes: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.1 4.2 4.3

# %% [markdown]
# # Lab 07
# ## Task 1

# %%
import time

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

np.random.seed(42)
tf.random.set_seed(42)
X = np.random.rand(100, 1) * 10
Y = 3 * X + 5 + np.random.normal(0, 1, (100, 1))

# %%
model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(1,))])
model.compile(optimizer="sgd", loss="mse")
history = model.fit(X, Y, epochs=100, verbose=0)
weight, bias = model.layers[0].get_weights()
print(f"weight {weight[0][0]:.4f} bias {bias[0]:.4f}")

# %%
Y_true = 3 * X + 5
Y_pred = model.predict(X, verbose=0)
print("MAE", np.mean(np.abs(Y_true - Y_pred)), "MSE", np.mean((Y_true - Y_pred) ** 2))

# %%
Y_noisy = 3 * X + 5 + np.random.normal(0, 5, (100, 1))
model_noisy = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(1,))])
model_noisy.compile(optimizer="sgd", loss="mse")
history_noisy = model_noisy.fit(X, Y_noisy, epochs=100, verbose=0)
plt.plot(history.history["loss"])
plt.plot(history_noisy.history["loss"])
plt.show()

# %%
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

iris = load_iris()
X_iris = iris.data[:, :2]
y_iris = tf.keras.utils.to_categorical(iris.target)
X_train, X_test, y_train, y_test = train_test_split(X_iris, y_iris, test_size=0.3, random_state=42)
scaler = StandardScaler()
X_train = scaler.fit_transform(X_train)
X_test = scaler.transform(X_test)

# %%
model_iris = tf.keras.Sequential(
    [
        tf.keras.layers.Dense(10, activation="relu", input_shape=(2,)),
        tf.keras.layers.Dense(3, activation="softmax"),
    ]
)
model_iris.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
model_iris.fit(X_train, y_train, epochs=100, verbose=0, validation_data=(X_test, y_test))
loss, accuracy = model_iris.evaluate(X_test, y_test, verbose=0)
print(f"Accuracy: {accuracy * 100:.2f}%")

# %%
model_50 = tf.keras.Sequential(
    [
        tf.keras.layers.Dense(50, activation="relu", input_shape=(2,)),
        tf.keras.layers.Dense(3, activation="softmax"),
    ]
)
model_50.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
model_50.fit(X_train, y_train, epochs=100, verbose=0)
print(model_50.evaluate(X_test, y_test, verbose=0))

# %%
xx, yy = np.meshgrid(np.arange(3.3, 8.9, 0.02), np.arange(1, 5.4, 0.02))
grid = scaler.transform(np.c_[xx.ravel(), yy.ravel()])
for each in (model_iris, model_50):
    plt.contourf(xx, yy, np.argmax(each.predict(grid, verbose=0), axis=1).reshape(xx.shape), alpha=0.6)
    plt.show()

# %%
model_sigmoid = tf.keras.Sequential(
    [
        tf.keras.layers.Dense(10, activation="sigmoid", input_shape=(2,)),
        tf.keras.layers.Dense(3, activation="softmax"),
    ]
)
model_sigmoid.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
model_sigmoid.fit(X_train, y_train, epochs=100, verbose=0)
print(model_sigmoid.evaluate(X_test, y_test, verbose=0))

# %%
(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
x_train = x_train.reshape(-1, 784) / 255.0
x_test = x_test.reshape(-1, 784) / 255.0
y_train_cat = tf.keras.utils.to_categorical(y_train, 10)
y_test_cat = tf.keras.utils.to_categorical(y_test, 10)

# %%
model_mnist = tf.keras.Sequential(
    [
        tf.keras.layers.Input(shape=(784,)),
        tf.keras.layers.Dense(128, activation="relu"),
        tf.keras.layers.Dense(64, activation="relu"),
        tf.keras.layers.Dense(10, activation="softmax"),
    ]
)
model_mnist.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
model_mnist.fit(x_train, y_train_cat, epochs=10, batch_size=32, validation_split=0.1, verbose=0)
test_loss, test_accuracy = model_mnist.evaluate(x_test, y_test_cat, verbose=0)
print(f"Test accuracy: {test_accuracy:.4f}")

# %%
model_dropout = tf.keras.Sequential(
    [
        tf.keras.layers.Input(shape=(784,)),
        tf.keras.layers.Dense(128, activation="relu"),
        tf.keras.layers.Dropout(0.3),
        tf.keras.layers.Dense(64, activation="relu"),
        tf.keras.layers.Dropout(0.3),
        tf.keras.layers.Dense(10, activation="softmax"),
    ]
)
model_dropout.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
model_dropout.fit(x_train, y_train_cat, epochs=10, batch_size=32, validation_split=0.1, verbose=0)
print(model_dropout.evaluate(x_test, y_test_cat, verbose=0))

# %%
for batch_size in [16, 32, 64, 128]:
    model_temp = tf.keras.Sequential(
        [
            tf.keras.layers.Input(shape=(784,)),
            tf.keras.layers.Dense(128, activation="relu"),
            tf.keras.layers.Dense(64, activation="relu"),
            tf.keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model_temp.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    start = time.time()
    model_temp.fit(x_train, y_train_cat, epochs=5, batch_size=batch_size, verbose=0)
    seconds = time.time() - start
    print(batch_size, seconds, model_temp.evaluate(x_test, y_test_cat, verbose=0)[1])

# %%
model_mnist.save("mnist.keras")
loaded = tf.keras.models.load_model("mnist.keras")
before = model_mnist.predict(x_test[:100], verbose=0)
after = loaded.predict(x_test[:100], verbose=0)
print("identical:", np.allclose(before, after, atol=1e-5))

# %% [markdown]
# Saving is useful in deployment: the trained model is used without training it again.

# %%
loaded.fit(x_train, y_train_cat, epochs=2, batch_size=32, validation_split=0.1, verbose=0)

# %%
model_mnist.save("mnist_no_optimizer.h5", include_optimizer=False)
fresh = tf.keras.models.load_model("mnist_no_optimizer.h5")
fresh.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
fresh.fit(x_train, y_train_cat, epochs=2, batch_size=32, validation_split=0.1, verbose=0)
