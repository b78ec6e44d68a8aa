"""How far two divisions of the same things into groups agree. Pure functions; know nothing of what is divided."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

A_PART = 1000
"""Groups of one part are numbered from a multiple of this, so that parts are never taken for groups."""
Values = npt.NDArray[np.float64]


def adjusted_rand(found: Values, right: Values) -> float:
    """Adjusted Rand index: 1 for the same division, about 0 for one by chance.

    Source: Hubert and Arabie, "Comparing partitions", Journal of Classification 2 (1985), as scikit-learn has it.
    """
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(right, found))


def normalised_information(found: Values, right: Values) -> float:
    """Mutual information of two divisions ÷ the mean of their entropies; it is above 0 also by chance.

    Source: Vinh, Epps and Bailey, Journal of Machine Learning Research 11 (2010), as scikit-learn has it.
    """
    from sklearn.metrics import normalized_mutual_info_score

    return float(normalized_mutual_info_score(right, found))


def divisions_agree(found: Values, right: Values, measure: Callable[[Values, Values], float]) -> float:
    """Mean of a measure over the parts that things are of, by their number; to tell parts apart is no merit."""
    part = right // A_PART
    weights = [(float((part == one).sum()), measure(found[part == one], right[part == one])) for one in np.unique(part)]
    return sum(count * value for count, value in weights) / len(right)
