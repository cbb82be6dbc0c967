# The model of the noisy line is not compiled, so its fit raises; the rest is right.
# passes: 1.1 1.2 2.1 2.2 2.3
# not submitted: 1.3 3.1 3.2 3.3 4.1 4.2 4.3

# %%
import numpy as np
import tensorflow as tf

np.random.seed(42)
tf.random.set_seed(42)
X = np.random.rand(100, 1) * 10
Y = 3 * X + 5 + np.random.normal(0, 1, (100, 1))

# %%
model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(1,))])
model.compile(optimizer="sgd", loss="mse")
model.fit(X, Y, epochs=100, verbose=0)
weight, bias = model.get_weights()
print(f"weight {weight[0][0]:.4f}, bias {bias[0]:.4f}")

# %%
print("MAE:", np.abs(model.predict(X, verbose=0) - (3 * X + 5)).mean())

# %%
Y_noisy = 3 * X + 5 + np.random.normal(0, 5, (100, 1))
noisy = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(1,))])
noisy.fit(X, Y_noisy, epochs=100, verbose=0)
weight, bias = noisy.get_weights()
print(f"weight {weight[0][0]:.4f}, bias {bias[0]:.4f}")

# %%
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

iris = load_iris()
y = tf.keras.utils.to_categorical(iris.target)
X_train, X_test, y_train, y_test = train_test_split(iris.data[:, :2], y, test_size=0.3, random_state=42)
scaler = StandardScaler()
X_train = scaler.fit_transform(X_train)
X_test = scaler.transform(X_test)

# %%
model_10 = tf.keras.Sequential(
    [
        tf.keras.layers.Dense(10, activation="relu", input_shape=(2,)),
        tf.keras.layers.Dense(3, activation="softmax"),
    ]
)
model_10.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
model_10.fit(X_train, y_train, epochs=100, verbose=0)
print("accuracy:", model_10.evaluate(X_test, y_test, verbose=0)[1])

# %%
model_50 = tf.keras.Sequential(
    [
        tf.keras.layers.Dense(50, activation="relu", input_shape=(2,)),
        tf.keras.layers.Dense(3, activation="softmax"),
    ]
)
model_50.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
model_50.fit(X_train, y_train, epochs=100, verbose=0)
print("accuracy:", model_50.evaluate(X_test, y_test, verbose=0)[1])

# %%
model_sigmoid = tf.keras.Sequential(
    [
        tf.keras.layers.Dense(10, activation="sigmoid", input_shape=(2,)),
        tf.keras.layers.Dense(3, activation="softmax"),
    ]
)
model_sigmoid.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
model_sigmoid.fit(X_train, y_train, epochs=100, verbose=0)
print("accuracy:", model_sigmoid.evaluate(X_test, y_test, verbose=0)[1])
