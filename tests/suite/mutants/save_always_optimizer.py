# fails: 4.2 4.3
# told: optimizer
"""The optimizer is saved although it should be left out."""


def save_model(model, path, include_optimizer=True):
    model.save(path)
