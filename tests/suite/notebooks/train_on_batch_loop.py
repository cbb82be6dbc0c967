# Only exercises 1 and 2; the line is trained batch by batch with train_on_batch.
# passes: 1.1 1.2 1.3 2.1 2.2 2.3
# not submitted: 3.1 3.2 3.3 4.1 4.2 4.3

# %%
import numpy as np
import tensorflow as tf

np.random.seed(0)
X = np.random.rand(100, 1) * 10
Y = 3 * X + 5 + np.random.normal(0, 1, (100, 1))

# %%
model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(1,))])
model.compile(optimizer="sgd", loss="mse")
losses = []
for epoch in range(100):
    order = np.random.permutation(100)
    for i in range(0, 100, 32):
        batch = order[i : i + 32]
        loss = model.train_on_batch(X[batch], Y[batch])
    losses.append(loss)
print(model.get_weights())

# %%
print(np.abs(model.predict(X, verbose=0) - (3 * X + 5)).mean())

# %%
Y5 = 3 * X + 5 + np.random.normal(0, 5, (100, 1))
model5 = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(1,))])
model5.compile(optimizer="sgd", loss="mse")
for epoch in range(100):
    order = np.random.permutation(100)
    for batch in np.split(order, [32, 64, 96]):
        model5.train_on_batch(X[batch], Y5[batch])
print(model5.get_weights())

# %%
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

X, y = load_iris(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X[:, :2], np.eye(3)[y], test_size=0.3, random_state=42)
scaler = StandardScaler()
X_train, X_test = scaler.fit_transform(X_train), scaler.transform(X_test)

# %%
for units, activation in ((10, "relu"), (50, "relu"), (10, "sigmoid")):
    net = tf.keras.Sequential(
        [
            tf.keras.layers.Dense(units, activation=activation, input_shape=(2,)),
            tf.keras.layers.Dense(3, activation="softmax"),
        ]
    )
    net.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    net.fit(X_train, y_train, epochs=100, verbose=0)
    print(units, activation, net.evaluate(X_test, y_test, verbose=0)[1])
