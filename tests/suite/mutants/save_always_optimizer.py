# fails: 4.2 4.3
# told: optimizer
# alone: 4::test_file_size_without_optimizer 4::test_no_optimizer_in_file
"""The optimizer is saved although it should be left out."""


def save_model(model, path, include_optimizer=True):
    model.save(path)
