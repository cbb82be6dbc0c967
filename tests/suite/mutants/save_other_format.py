# fails: 4.1 4.2 4.3
# told: file signature not found
"""A .keras file is written whatever the name ends in."""

from pathlib import Path


def save_model(model, path, include_optimizer=True):
    model.save(f"{path}.keras", include_optimizer=include_optimizer)
    Path(f"{path}.keras").replace(path)
