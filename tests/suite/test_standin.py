"""The stand-in for MNIST has its format, and is the same everywhere."""

import hashlib

import numpy as np
import pytest
from sklearn.datasets import load_digits

from lab.run import Array
from lab.standin import enlarged, stand_in

FourArrays = tuple[Array, Array, Array, Array]


@pytest.fixture(scope="module", name="arrays")
def stand_in_arrays() -> FourArrays:
    return stand_in()


def test_it_has_1437_images_to_train_on_and_360_to_test_on(arrays: FourArrays) -> None:
    """A fifth of scikit-learn's 1,797 digits is kept for testing."""
    assert [array.shape for array in arrays] == [(1437, 28, 28), (1437,), (360, 28, 28), (360,)]


def test_its_arrays_are_bytes(arrays: FourArrays) -> None:
    """Images and labels are uint8, as MNIST's are."""
    assert [array.dtype for array in arrays] == [np.uint8] * 4


def test_its_pixels_span_the_range_of_mnist(arrays: FourArrays) -> None:
    """The brightest of scikit-learn's 17 levels becomes 255, the darkest 0."""
    assert (arrays[0].min(), arrays[0].max()) == (0, 255)


def test_both_parts_have_the_same_shares_of_each_digit(arrays: FourArrays) -> None:
    """The split is stratified: no share differs by more than one test image, 1/360."""
    shares = [np.bincount(labels) / len(labels) for labels in (arrays[1], arrays[3])]
    assert np.abs(shares[0] - shares[1]).max() <= 1 / 360


def test_no_image_is_lost_or_doubled(arrays: FourArrays) -> None:
    """Training and test images together are all of scikit-learn's, enlarged."""
    both = sorted(image.tobytes() for image in np.concatenate([arrays[0], arrays[2]]))
    assert both == sorted(image.tobytes() for image in enlarged(load_digits().images))


def test_each_image_keeps_its_own_label(arrays: FourArrays) -> None:
    """Images and labels are shuffled together."""
    digits = load_digits()
    label_of = {image.tobytes(): label for image, label in zip(enlarged(digits.images), digits.target, strict=True)}
    assert [label_of[image.tobytes()] for image in arrays[0]] == arrays[1].tolist()


def test_it_is_the_same_on_every_machine(arrays: FourArrays) -> None:
    """The interpolation is in whole numbers and the seed is fixed, so the bytes never change."""
    digest = hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()
    assert digest == "878786619d9a5ed755d2b35223498050d196da4009797f98a8261827473758b2"


def test_enlarging_equals_scipys_linear_interpolation() -> None:
    """An independent implementation, in floating point, gives the same pixels up to how it rounds a half."""
    zoom = pytest.importorskip("scipy.ndimage").zoom
    images = load_digits().images[:50]
    expected = zoom(images, (1, 3.5, 3.5), order=1) * 255 / 16
    assert np.abs(enlarged(images) - expected).max() <= 0.5 + 1e-9
