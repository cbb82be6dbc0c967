# passes: 3.1 3.2 3.3 4.1 4.2 4.3
"""The accuracy is asked for by its short name, so the history calls it `acc`."""

import lab


def mnist_classifier(dropout=0.0):
    model = lab.mnist_classifier(dropout)
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["acc"])
    return model
