"""Metrics: arrays in, `Estimate`s out. They know no model, and no model knows them.

Every number has an error, and every table a floor: the same metric of held-out real data, with as
many examples. Features are arrays (n, d); any callable that makes them from pictures will do.
Functions that need SciPy or scikit-learn raise `MissingExtraError` without the extra `metrics`.
"""

from ganzoo.metrics.classified import (
    assigned_accuracy,
    cluster_error,
    error_rate,
    nearest_neighbour_accuracy,
)
from ganzoo.metrics.coverage import Coverage, coverage
from ganzoo.metrics.estimate import Estimate, jackknife
from ganzoo.metrics.events import (
    correlation_difference,
    edge_leak,
    rank_correlations,
    unphysical_share,
)
from ganzoo.metrics.feature_table import feature_table
from ganzoo.metrics.frechet import frechet_distance
from ganzoo.metrics.joint import (
    PairwiseChi2,
    correlation_distance,
    neighbour_ratio,
    pairwise_chi2,
    w1p,
)
from ganzoo.metrics.kernel import kernel_distance
from ganzoo.metrics.labelled import (
    class_distance,
    class_shares,
    classifier_score,
    confidence,
    requested_accuracy,
)
from ganzoo.metrics.luma import restored
from ganzoo.metrics.manifold import manifold_overlap
from ganzoo.metrics.memorisation import memorisation, nearest_training, neighbour_pairs
from ganzoo.metrics.modes import modes
from ganzoo.metrics.paired import found, l1, psnr, ssim
from ganzoo.metrics.paired_table import paired_table
from ganzoo.metrics.per_feature import (
    chi2_per_bin,
    feature_distances,
    jensen_shannon,
    kl_divergence,
    kolmogorov_smirnov,
    separation_power,
    wasserstein_1,
)
from ganzoo.metrics.picture_table import picture_table, split
from ganzoo.metrics.pictures import (
    class_diversity,
    diversity,
    grey_share,
    oriented_gradients,
)
from ganzoo.metrics.sliced import sliced_wasserstein
from ganzoo.metrics.table import Row, Table
from ganzoo.metrics.two_sample import classifier_auc
from ganzoo.metrics.unpaired_table import unpaired_table
from ganzoo.metrics.weights import classifier_weights, density_ratio, effective_size

__all__ = [
    "Coverage",
    "Estimate",
    "PairwiseChi2",
    "Row",
    "Table",
    "assigned_accuracy",
    "chi2_per_bin",
    "class_distance",
    "class_diversity",
    "class_shares",
    "classifier_auc",
    "classifier_score",
    "classifier_weights",
    "cluster_error",
    "confidence",
    "correlation_difference",
    "correlation_distance",
    "coverage",
    "density_ratio",
    "diversity",
    "edge_leak",
    "effective_size",
    "error_rate",
    "feature_distances",
    "feature_table",
    "found",
    "frechet_distance",
    "grey_share",
    "jackknife",
    "jensen_shannon",
    "kernel_distance",
    "kl_divergence",
    "kolmogorov_smirnov",
    "l1",
    "manifold_overlap",
    "memorisation",
    "modes",
    "nearest_neighbour_accuracy",
    "nearest_training",
    "neighbour_pairs",
    "neighbour_ratio",
    "oriented_gradients",
    "paired_table",
    "pairwise_chi2",
    "picture_table",
    "psnr",
    "rank_correlations",
    "requested_accuracy",
    "restored",
    "separation_power",
    "sliced_wasserstein",
    "split",
    "ssim",
    "unpaired_table",
    "unphysical_share",
    "w1p",
    "wasserstein_1",
]
