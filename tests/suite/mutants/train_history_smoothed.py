# fails: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.3
# told: epoch's
# alone: 1::test_history 2::test_history 3::test_history 4::test_history
"""The history's figures are means of an epoch and the next, but for the last epoch's."""

from itertools import pairwise

from lab.training import train as train_rightly


def train(model, x, y, recipe, seed=42):
    history = train_rightly(model, x, y, recipe, seed)
    return {
        name: [(one + next_one) / 2 for one, next_one in pairwise(values)] + values[-1:]
        for name, values in history.items()
    }
