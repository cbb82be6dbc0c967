# fails: 4.1 4.2 4.3
# told: weights
"""A fresh model is saved instead of the trained one."""

from lab.models import mnist_classifier


def save_model(model, path, include_optimizer=True):
    fresh = mnist_classifier()
    fresh.optimizer.build(fresh.trainable_variables)
    fresh.save(path, include_optimizer=include_optimizer)
