# fails: 4.3
# told: never stopping
"""The model comes back from memory, not from the file."""

MODELS = {}


def save_model(model, path, include_optimizer=True):
    model.save(path, include_optimizer=include_optimizer)
    MODELS[str(path)] = model


def load_model(path):
    return MODELS[str(path)]
