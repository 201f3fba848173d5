"""What the classics minimise, against their papers' formulas; and how they are shaped."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import ops

import ganzoo
from ganzoo import zoo
from ganzoo.errors import InvalidArgumentError
from ganzoo.zoo import registry
from tests.contract.support import build, data_for, where_nothing_is_compiled


def number(tensor: object) -> float:
    return float(ops.convert_to_numpy(tensor))


def batch_of(model: object, n: int = 6) -> dict:
    given = data_for(model, n)
    return model.batch(given[0] if isinstance(given[0], dict) else given)


def test_a_critic_stays_within_its_bound():
    model = build("WGAN")
    model.compile(optimizers={"discriminator": keras.optimizers.SGD(10.0)})
    model.fit(*data_for(model), batch_size=8, verbose=0)
    kernels = [np.asarray(ops.convert_to_numpy(layer.kernel))
               for layer in model.discriminator.layers if hasattr(layer, "kernel")]  # fmt: skip
    assert len(kernels) == 3
    assert max(np.abs(kernel).max() for kernel in kernels) == pytest.approx(0.01)


@where_nothing_is_compiled
def test_pixels_are_drawn_by_their_probabilities_and_weighed_by_the_discriminator():
    model = ganzoo.BoundarySeekingGAN(**{**zoo.FAMILIES["BoundarySeekingGAN"].tiny, "drawn": 400})
    batch = {"real": ops.zeros((2, 8, 8, 1))}
    last = model.generator.trainable_variables[-1]
    last.assign(np.zeros(last.shape, np.float32))  # the kernel that makes the picture: p = 1/2
    drawn = np.asarray(ops.convert_to_numpy(model.generated({"real": ops.zeros((2, 8, 8, 1))})))
    assert set(np.unique(drawn)) == {-1.0, 1.0}
    own = model.judge

    def judged(wish: float) -> None:
        model.judge = lambda x, *_: 0.0 * own(x) + wish * ops.sum(x, axis=(1, 2, 3))[:, None]

    judged(0.0)  # with equal scores all weights are 1/M, and no picture is ahead
    assert number(model.generator_objective(batch).loss) == pytest.approx(0.0, abs=1e-3)
    # A discriminator that wants ink gives all weight to the picture with most of it, which the
    # generator then makes more probable.
    judged(100.0)
    before = model.probabilities(np.ones((1, 4), np.float32)).mean()
    model.compile(optimizers={"generator": keras.optimizers.SGD(1.0)}, run_eagerly=True)
    model.fit(np.ones((8, 8, 8, 1), np.float32), batch_size=8, verbose=0)
    assert model.probabilities(np.ones((1, 4), np.float32)).mean() > before + 0.005


def test_black_and_white_pictures_of_the_most_probable_kind():
    model = build("BoundarySeekingGAN")
    latents = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
    made, chance = model.generate(latents), model.probabilities(latents)
    assert set(np.unique(made)) <= {-1.0, 1.0}
    assert np.array_equal(made > 0, chance > 0.5)


def test_an_unsure_semi_supervised_discriminator():
    """With all logits 0, Z = K: the supervised loss is log K, and D(x) = K / (K + 1)."""
    model = build("SGAN")
    for variable in model.discriminator.trainable_variables:
        variable.assign(np.zeros(variable.shape, np.float32))
    made = model.discriminator_objective(batch_of(model))
    assert number(made.logs["supervised"]) == pytest.approx(np.log(3), rel=1e-5)
    game = -0.5 * (np.log(3 / 4) + np.log(1 / 4))
    assert number(made.loss) == pytest.approx(np.log(3) + game, rel=1e-5)
    assert number(model.generator_objective(batch_of(model)).loss) == 0.0  # all features alike


def test_unsure_codes_of_a_semi_supervised_autoencoder():
    """With all weights 0: the styles are 0, the classes even, and both discriminators say 1/2."""
    model = build("SemiSupervisedAAE")
    for network in model.networks.values():
        for variable in network.trainable_variables:
            variable.assign(np.zeros(variable.shape, np.float32))
    batch = batch_of(model)
    styles, classes = (ops.convert_to_numpy(code) for code in model.codes(batch["real"]))
    assert np.all(styles == 0)
    assert np.allclose(classes, 1 / 3)
    assert number(model.classifier_objective(batch).loss) == pytest.approx(np.log(3), rel=1e-5)
    for player in ("discriminator", "encoder"):
        made = getattr(model, f"{player}_objective")(batch)
        assert number(made.loss) == pytest.approx(2 * np.log(2), rel=1e-5)
    real = ops.convert_to_numpy(batch["real"])
    made = model.autoencoder_objective(batch)
    assert number(made.loss) == pytest.approx(np.square(real).mean(), rel=1e-4)


def test_priors_of_classes_and_styles():
    model = build("ClusteringAAE")
    styles, classes = (np.asarray(ops.convert_to_numpy(part)) for part in model.drawn(600))
    assert set(np.unique(classes)) == {0.0, 1.0}
    assert np.all(classes.sum(axis=1) == 1)
    assert classes.sum(axis=0).min() > 150  # of 200 +- 12
    assert abs(styles.mean()) < 0.1
    assert styles.std() == pytest.approx(1.0, abs=0.1)


def test_all_hidden_layers_of_q_have_the_slope_that_is_asked_for():
    tiny = {**zoo.FAMILIES["InfoGAN"].tiny, "negative_slope": 0.05}
    networks = registry.model_class("InfoGAN")(**tiny).networks.values()
    slopes = [one.negative_slope for network in networks for one in network.layers
              if isinstance(one, keras.layers.LeakyReLU)]  # fmt: skip
    assert len(slopes) > 4
    assert set(slopes) == {0.05}


def test_scores_by_least_squares_are_told_at_a_half():
    model = build("LSGAN")
    low, high = (ops.convert_to_tensor([[score]]) for score in (0.4, 0.6))
    for scores, right in (((high, low), 1.0), ((low, high), 0.0)):
        told = model.accuracies(*scores).values()
        assert [ops.convert_to_numpy(one).item() for one in told] == [right, right]


def test_normalised_batches_of_two_kinds_get_other_scores():
    """What is linear in normalised features has the same mean over every batch: no score at all."""
    model = build("InfoGAN")
    real = ops.convert_to_tensor(data_for(model, 64)[0])
    means = [number(ops.mean(model.judge(x, training=True))) for x in (real, ops.sign(real))]
    assert abs(means[0] - means[1]) > 1e-3


def test_unread_codes_carry_no_information():
    """Where Q knows nothing, the cross-entropy of the code is log K: L_I is 0."""
    model = build("InfoGAN")
    for variable in model.recognition.trainable_variables:
        variable.assign(np.zeros(variable.shape, np.float32))
    batch = batch_of(model, 500)
    _, logs = model.information(model.apply(model.features, model.generated(batch)), batch)
    assert number(logs["categorical"]) == pytest.approx(np.log(3), rel=1e-5)
    assert number(logs["continuous"]) == pytest.approx(1.0, abs=0.15)  # variance of a code
    condition = np.asarray(ops.convert_to_numpy(batch_of(model, 500)["condition"]))
    assert condition.sum(axis=0).min() > 120


@pytest.mark.parametrize("factor", [0.0, 0.1, 1.0])
def test_continuous_codes_have_a_weight_of_their_own(factor, monkeypatch):
    model = registry.model_class("InfoGAN")(
        **{**zoo.FAMILIES["InfoGAN"].tiny, "information_weight": 2.0, "continuous_weight": factor}
    )
    batch = batch_of(model, 50)
    made = model.generated(batch)
    loss, logs = model.information(model.apply(model.features, made), batch)
    # -log of a Gaussian of unit width, of each code: half the square.
    squares = 0.5 * model.continuous * number(logs["continuous"])
    expected = 2.0 * (number(logs["categorical"]) + factor * squares)
    assert number(loss) == pytest.approx(expected, rel=1e-5)
    # Both players have it beside their side of the game.
    monkeypatch.setattr(model, "generated", lambda _: made)
    for objective in (model.discriminator_objective, model.generator_objective):
        found = []
        for lost in (0.0, loss):
            monkeypatch.setattr(model, "information", lambda *_, lost=lost: (lost, logs))
            found.append(number(objective(batch).loss))
        assert found[1] == pytest.approx(found[0] + expected, rel=1e-4)
    assert model.get_config()["continuous_weight"] == factor


def test_a_stochastic_encoder_draws_while_training_and_not_after():
    model = build("BiGAN")
    images = data_for(model)[0]
    first, again = (ops.convert_to_numpy(model.codes(ops.convert_to_tensor(images)))
                    for _ in range(2))  # fmt: skip
    assert np.abs(first - again).max() > 1e-3
    assert np.array_equal(model.encode(images), model.encode(images))


def test_a_game_of_pairs_begins_with_equal_pictures_that_are_judged_alike():
    model = build("CoGAN")
    made = model.sample(4, seed=1)
    assert np.array_equal(made.a, made.b)
    assert np.ptp(made.a) > 0
    logits = model.apply(model.discriminator, made.a, made.b, training=False)
    assert np.array_equal(*(ops.convert_to_numpy(one) for one in logits))


def test_each_half_of_a_pair_is_judged_alone():
    model = build("CoGAN")
    # A discriminator of one side looks at its own picture only.
    made = model.sample(4, seed=1)
    judged = model.apply(model.discriminator, made.a, made.b, training=False)
    logits = [np.asarray(ops.convert_to_numpy(part)) for part in judged]
    other = model.apply(model.discriminator, made.a, -made.b, training=False)
    assert np.allclose(logits[0], ops.convert_to_numpy(other[0]))
    assert not np.allclose(logits[1], ops.convert_to_numpy(other[1]))


@pytest.mark.parametrize(
    ("family", "wrong"),
    [
        ("WGAN", {"clip": 0.0}),
        ("BoundarySeekingGAN", {"drawn": 1}),
        ("ACGAN", {"category_weight": -1.0}),
        ("InfoGAN", {"continuous": 4}),
        ("PixelDA", {"noise": -0.1}),
        ("CoGAN", {"dropout": 1.0}),
        ("InfoGAN", {"information_weight": 0.0}),
        ("InfoGAN", {"continuous_weight": -1.0}),
        ("SGAN", {"classes": ("one",)}),
        ("AlphaGAN", {"distance_weight": -1.0}),
        ("VAEGAN", {"similarity_weight": -1.0}),
        ("AdversarialAutoencoder", {"adversarial_weight": 0.0}),
        ("SemiSupervisedAAE", {"classes": ("one",)}),
        ("ClusteringAAE", {"clusters": 1}),
        ("ClusteringAAE", {"noise": -0.1}),
        ("PixelDA", {"channels": 3, "source_shape": (8, 8, 2)}),
        ("LSGAN", {"image_shape": (6, 8, 1)}),
    ],
)
def test_sizes_that_cannot_be(family, wrong):
    with pytest.raises(InvalidArgumentError):
        registry.model_class(family)(**{**zoo.FAMILIES[family].tiny, **wrong})


@pytest.mark.parametrize(
    ("family", "options"),
    [
        ("PixelDA", {"noise": 0.2, "dropout": 0.0}),
        ("PixelDA", {"noise": 0.0, "dropout": 0.1}),
        ("CoGAN", {"dropout": 0.3}),
        ("AlphaGAN", {"dropout": 0.3}),
    ],
)
def test_a_discriminator_is_unsure_while_it_learns_and_not_after(family, options):
    model = registry.model_class(family)(**{**zoo.FAMILIES[family].tiny, **options})
    random = np.random.default_rng(1)
    shapes = [(4, *given.shape[1:]) for given in model.discriminator.inputs]
    images = [random.uniform(-1, 1, shape).astype("float32") for shape in shapes]

    def judged(training):
        made = model.apply(model.discriminator, *images, training=training)
        several = made if isinstance(made, list) else [made]
        return np.concatenate([ops.convert_to_numpy(one) for one in several])

    assert np.abs(judged(True) - judged(True)).max() > 1e-4
    assert np.array_equal(judged(False), judged(False))
