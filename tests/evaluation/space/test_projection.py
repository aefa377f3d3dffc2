"""The plane that a flat cloud lies in is found, and always drawn the same way round."""

from __future__ import annotations

import numpy as np
import pytest

from nmixx.evaluation.space.projection import project


def test_a_cloud_in_a_plane_loses_nothing() -> None:
    generator = np.random.default_rng(0)
    plane = np.linalg.qr(generator.standard_normal((9, 2)))[0]
    places = generator.standard_normal((40, 2)) * [3, 1]
    seen, shares = project(places @ plane.T)
    assert shares.sum() == pytest.approx(1)
    assert shares[0] > shares[1]
    distances = np.linalg.norm(seen[:, None] - seen, axis=2)
    assert np.allclose(distances, np.linalg.norm(places[:, None] - places, axis=2))


def test_a_mirrored_cloud_of_the_same_directions_keeps_their_sign() -> None:
    vectors = np.random.default_rng(1).standard_normal((30, 5))
    seen, _ = project(vectors)
    mirrored, _ = project(-vectors)
    assert np.allclose(seen, -mirrored)


def test_vectors_that_coincide_have_no_variance_to_share() -> None:
    seen, shares = project(np.ones((3, 4)))
    assert not seen.any()
    assert shares.tolist() == [0, 0]
