import numpy as np
import pytest

from nmixx.vocabulary.diagnosing.outliers import OUTLIER, modified_z


def test_scores_are_those_of_the_definition():
    values = np.array([1.0, 2.0, 3.0, 4.0, 100.0])
    assert modified_z(values).tolist() == pytest.approx([-1.349, -0.6745, 0, 0.6745, 65.4265])
    assert (np.abs(modified_z(values)) > OUTLIER).tolist() == [False] * 4 + [True]


def test_values_without_spread_have_no_outliers():
    assert modified_z(np.array([5.0, 5.0, 5.0, 9.0])).tolist() == [0, 0, 0, 0]
