# Images as (28, 28) through a Flatten layer, and labels as numbers with sparse_categorical_crossentropy.
# passes: 2.1 2.2 2.3 3.1 3.2 3.3 4.1 4.2 4.3
# not submitted: 1.1 1.2 1.3

# %%
import time

import numpy as np
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from tensorflow.keras.datasets import mnist
from tensorflow.keras.layers import Dense, Dropout, Flatten
from tensorflow.keras.models import Sequential, load_model

# %%
iris = load_iris()
X_train, X_test, y_train, y_test = train_test_split(iris.data[:, :2], iris.target, test_size=0.3, random_state=42)
sc = StandardScaler()
X_train = sc.fit_transform(X_train)
X_test = sc.transform(X_test)

# %%
model = Sequential([Dense(10, activation="relu", input_shape=(2,)), Dense(3, activation="softmax")])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X_train, y_train, epochs=100, verbose=0)
print(model.evaluate(X_test, y_test, verbose=0))

# %%
model2 = Sequential([Dense(50, activation="relu", input_shape=(2,)), Dense(3, activation="softmax")])
model2.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model2.fit(X_train, y_train, epochs=100, verbose=0)
print(model2.evaluate(X_test, y_test, verbose=0))

# %%
model3 = Sequential([Dense(10, activation="sigmoid", input_shape=(2,)), Dense(3, activation="softmax")])
model3.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model3.fit(X_train, y_train, epochs=100, verbose=0)
print(model3.evaluate(X_test, y_test, verbose=0))

# %%
(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train, x_test = x_train / 255.0, x_test / 255.0

model = Sequential(
    [
        Flatten(input_shape=(28, 28)),
        Dense(128, activation="relu"),
        Dense(64, activation="relu"),
        Dense(10, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, epochs=10, batch_size=32, validation_split=0.1, verbose=0)
print(model.evaluate(x_test, y_test, verbose=0))

# %%
model_d = Sequential(
    [
        Flatten(input_shape=(28, 28)),
        Dense(128, activation="relu"),
        Dropout(0.3),
        Dense(64, activation="relu"),
        Dropout(0.3),
        Dense(10, activation="softmax"),
    ]
)
model_d.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model_d.fit(x_train, y_train, epochs=10, batch_size=32, validation_split=0.1, verbose=0)
print(model_d.evaluate(x_test, y_test, verbose=0))

# %%
for bs in [16, 32, 64, 128]:
    m = Sequential(
        [
            Flatten(input_shape=(28, 28)),
            Dense(128, activation="relu"),
            Dense(64, activation="relu"),
            Dense(10, activation="softmax"),
        ]
    )
    m.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    t = time.time()
    m.fit(x_train, y_train, epochs=5, batch_size=bs, verbose=0)
    print(f"batch {bs}: {time.time() - t:.1f} s, accuracy {m.evaluate(x_test, y_test, verbose=0)[1]:.4f}")

# %%
model.save("mnist_model.h5")
loaded = load_model("mnist_model.h5")
print(np.allclose(model.predict(x_test[:100], verbose=0), loaded.predict(x_test[:100], verbose=0), atol=1e-5))

# %%
model.save("no_optimizer.h5", include_optimizer=False)
m2 = load_model("no_optimizer.h5")
m2.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
m2.fit(x_train, y_train, epochs=2, batch_size=32, validation_split=0.1, verbose=0)
