"""Replicas against single trainings, the oracle and Keras; the bounds against simulation."""

import numpy as np
import pytest

from lab.datasets import iris_data, line_data
from lab.recipes import RECIPES, Recipe
from tests.reference.evidence import load_evidence, prediction_bounds, tail_bounds
from tests.reference.linear_bounds import reference_on
from tests.reference.linear_reference import DISTANCE_BOUND, LinearReference
from tests.reference.oracle import SGD_RATE, Network, Parameters, glorot_uniform, gradients, sgd_step
from tests.reference.replicas import (
    SHUFFLINGS,
    boundary_lengths,
    epoch_orders,
    iris_network,
    line_starts,
    linear_replicas,
    standardised_grid,
    train_lines,
    train_with_adam,
    two_start_contraction,
)

RECIPE = RECIPES["linear"]


@pytest.fixture(scope="module")
def reference() -> LinearReference:
    """The clouds of the lab's own data."""
    return reference_on(*line_data())


def test_a_repeated_order_is_the_same_in_every_epoch() -> None:
    """`repeated` draws one permutation for each replica, and keeps it."""
    first, *others = epoch_orders(9, 4, 3, "repeated", np.random.default_rng(0))
    assert all(np.array_equal(first, other) for other in others)


def test_a_reshuffled_order_is_new_in_every_epoch() -> None:
    """`reshuffled` draws another permutation of the same samples in each epoch."""
    first, second = epoch_orders(9, 4, 2, "reshuffled", np.random.default_rng(0))
    assert not np.array_equal(first, second)
    assert np.array_equal(np.sort(first, axis=0), np.sort(second, axis=0))


def test_an_unknown_shuffling_is_refused() -> None:
    """A misspelt shuffling does not quietly mean the other one."""
    with pytest.raises(ValueError, match="should be reshuffled or repeated"):
        linear_replicas(*line_data(), RECIPE, 2, "reshufled", seed=0)


def test_lines_trained_together_equal_the_oracle_trained_alone() -> None:
    """Each replica ends, to 1e-12, where the oracle ends alone, the last batch of four included."""
    x, y = line_data()
    generator = np.random.default_rng(0)
    start = line_starts(3, generator)
    orders = list(epoch_orders(100, 3, 3, "reshuffled", generator))
    together, _ = train_lines(x, y, start, 32, orders)
    for replica in range(3):
        parameters: Parameters = (start[:1, replica : replica + 1], start[1:, replica])
        for order in orders:
            for chosen in np.split(order[:, replica], [32, 64, 96]):
                slopes = gradients(Network(("linear",), "mse"), parameters, x[chosen], y[chosen])[1]
                parameters = sgd_step(parameters, slopes, SGD_RATE)
        alone = [parameters[0].item(), parameters[1].item()]
        np.testing.assert_allclose(together[replica], alone, rtol=1e-12)


def test_flowers_trained_together_equal_flowers_trained_alone() -> None:
    """Each of three Iris replicas ends, to 1e-12, where it ends when it is trained alone."""
    x, y, *_ = iris_data()
    generator = np.random.default_rng(0)
    start = glorot_uniform((2, 10, 3), 3, generator)
    orders = list(epoch_orders(105, 3, 3, "reshuffled", generator))
    together = train_with_adam(iris_network("relu"), start, x, y, 32, orders)
    for replica in range(3):
        own = slice(replica, replica + 1)
        alone = train_with_adam(
            iris_network("relu"), tuple(it[own] for it in start), x, y, 32, [it[:, own] for it in orders]
        )
        for many, one in zip(together, alone, strict=True):
            np.testing.assert_allclose(many[own], one, rtol=0, atol=1e-12)


@pytest.mark.parametrize("shuffling", SHUFFLINGS)
def test_contraction_is_that_of_two_models(shuffling: str) -> None:
    """The factor equals the one measured on two models that were both trained on noisy targets."""
    x, y = line_data(5.0)
    generator = np.random.default_rng(0)
    one, other = line_starts(4, generator), line_starts(4, generator)
    orders = list(epoch_orders(100, 4, RECIPE.epochs, shuffling, generator))
    ends = [train_lines(x, y, start, 32, orders)[0] for start in (one, other)]
    ratio = np.linalg.norm(ends[0] - ends[1], axis=1) / np.linalg.norm(one - other, axis=0)
    np.testing.assert_allclose(two_start_contraction(x, RECIPE, 4, shuffling, seed=0), ratio**0.01, rtol=1e-10)


def test_published_line_belongs_to_a_repeated_order_only(reference: LinearReference) -> None:
    """(3.1674, 4.3361) is inside the bound of repeated orders, and far outside that of reshuffled ones."""
    assert reference.mahalanobis_squared(3.1674, 4.3361, "repeated") < DISTANCE_BOUND
    assert reference.mahalanobis_squared(3.1674, 4.3361, "reshuffled") > 2 * DISTANCE_BOUND


def test_converged_line_is_outside_the_reshuffled_cloud(reference: LinearReference) -> None:
    """Reshuffled training stops well before least squares, the line that it would converge to."""
    x, y = line_data()
    weight, bias = np.polyfit(x.ravel(), y.ravel(), 1)
    assert reference.mahalanobis_squared(weight, bias, "reshuffled") > DISTANCE_BOUND


@pytest.mark.parametrize("shuffling", SHUFFLINGS)
def test_further_trainings_stay_inside_the_bounds(reference: LinearReference, shuffling: str) -> None:
    """None of 1,000 fresh trainings of either shuffling leaves the bounds of distance or of loss."""
    lines, losses = linear_replicas(*line_data(), RECIPE, 1000, shuffling, seed=1)
    low, high = reference.cloud(shuffling).loss_bounds()
    assert max(reference.nearest(*line) for line in lines) < DISTANCE_BOUND
    assert low < losses.min() <= losses.max() < high


def test_a_training_without_small_batches_is_outside_both_clouds(reference: LinearReference) -> None:
    """Training on all 100 points at once, a wrong recipe, is further than the bound from either cloud."""
    lines, _ = linear_replicas(*line_data(), Recipe(epochs=100, batch_size=100), 50, "repeated", seed=0)
    assert min(reference.nearest(*line) for line in lines) > DISTANCE_BOUND


@pytest.mark.tensorflow
def test_keras_ends_where_the_replicas_do() -> None:
    """`fit(shuffle=False)` gives the weight and the bias to 1e-5, and reports the same last loss."""
    from lab.models import linear_regressor
    from tests.submissions.behaviour import loss_weighs_samples

    x, y = line_data()
    model = linear_regressor()
    start = np.array([[values.item()] for values in model.get_weights()])
    history = model.fit(x, y, epochs=100, batch_size=32, shuffle=False, verbose=0)
    order = np.arange(100)[:, None]
    lines, losses = train_lines(x, y, start, 32, [order] * 100, loss_weighs_samples())
    np.testing.assert_allclose([it.item() for it in model.get_weights()], lines[0], atol=1e-5)
    np.testing.assert_allclose(history.history["loss"][-1], losses[0], rtol=1e-5)


def test_grid_is_in_the_units_of_the_flowers() -> None:
    """Standardising the grid as the flowers were takes its first point to the same distance from them."""
    from sklearn.datasets import load_iris

    x_train, _, x_test, _ = iris_data(7)
    grid = standardised_grid(x_train, x_test)
    flowers, standardised = load_iris().data[:, :2], np.concatenate([x_train, x_test])
    scale = (standardised.max(axis=0) - standardised.min(axis=0)) / (flowers.max(axis=0) - flowers.min(axis=0))
    np.testing.assert_allclose(grid[0], standardised.min(axis=0) - scale, rtol=1e-9)  # the margin is 1 cm


def test_boundary_of_one_straight_line_is_the_height_of_the_grid() -> None:
    """A softmax that tells two classes apart by sepal length alone has one vertical boundary, 220 cells of 0.02 cm."""
    x_train, _, x_test, _ = iris_data()
    kernel, bias = np.array([[[1.0, -1.0, 0.0], [0.0, 0.0, 0.0]]]), np.array([[0.0, 0.0, -1e3]])
    grid = standardised_grid(x_train, x_test)
    found = boundary_lengths(Network(("softmax",), "categorical_crossentropy"), (kernel, bias), grid)
    np.testing.assert_allclose(found, [220 * 0.02])


def test_a_prediction_interval_is_left_as_often_as_it_says() -> None:
    """Of 200,000 further draws after samples of 5, one in twenty leaves the 5 % bounds (standard error 0.05 %)."""
    draws = np.random.default_rng(0).normal(3, 2, (200_000, 6))
    sample, further = draws[:, :5], draws[:, 5]
    reach = prediction_bounds(0.0, 1.0, 5, rate=0.05)[1] * sample.std(axis=1, ddof=1)
    assert np.mean(np.abs(further - sample.mean(axis=1)) > reach) == pytest.approx(0.05, abs=0.0025)


def test_a_prediction_needs_two_draws() -> None:
    """One draw has no spread to predict from."""
    with pytest.raises(ValueError, match="2 draws or more"):
        prediction_bounds(0.0, 1.0, 1)


def test_tail_bounds_of_an_exponential_population() -> None:
    """An exponential sample of 100,000 is bounded above at its one-in-two-million point, 14.5, or up to 5 % beyond."""
    _, high = tail_bounds(np.random.default_rng(0).exponential(size=100_000))
    assert np.log(2e6) <= high < 1.05 * np.log(2e6)


def test_evidence_that_does_not_exist_names_the_nearest() -> None:
    """A misspelt name of evidence is answered with the right one."""
    with pytest.raises(ValueError, match="did you mean iris"):
        load_evidence("irsi")


def test_evidence_on_iris_says_how_much_was_measured() -> None:
    """Each configuration pools as many replicas as the data seeds and model seeds make."""
    evidence = load_evidence("iris")
    expected = len(evidence["data_seeds"]) * evidence["model_seeds"]
    measured = {
        summary["number"]
        for configurations in evidence["configurations"].values()
        for measurements in configurations.values()
        for summary in measurements.values()
    }
    assert measured == {expected}
