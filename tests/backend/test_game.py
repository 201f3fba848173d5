"""The core: players, what they pass on, what `compile` accepts, networks on arrays."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

import ganzoo
from ganzoo import AdversarialModel, ConditionalGAN, Objective, Player, penalties, tasks, zoo
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.game.run import run
from ganzoo.schedules import Schedule
from ganzoo.zoo import registry


def dense(inputs: int, outputs: int, name: str) -> keras.Model:
    return keras.Sequential([keras.Input((inputs,)), layers.Dense(outputs)], name=name)


@keras.saving.register_keras_serializable("tests")
class Three(AdversarialModel):
    """Three players; each passes on what the next one reads."""

    players = {  # noqa: RUF012
        "first": Player(("one",), "first_loss"),
        "second": Player(("two", "shared"), "second_loss"),
        "third": Player(("three",), "third_loss"),
    }
    logged = ("seen",)
    averaged = ("two",)

    def __init__(self, **kwargs: Any) -> None:
        kernel = layers.Dense(2)
        inputs = keras.Input((2,))
        networks = {
            "one": dense(2, 2, "one"),
            "two": keras.Sequential([keras.Input((2,)), kernel], name="two"),
            "three": dense(2, 2, "three"),
            "shared": keras.Model(inputs, kernel(inputs), name="shared"),
        }
        super().__init__(networks, **kwargs)
        self._architecture = {}

    def batch(self, data: Any) -> dict[str, Any]:
        return {"x": self.tensor(keras.utils.unpack_x_y_sample_weight(data)[0])}

    def first_objective(self, batch: dict[str, Any]) -> Objective:
        y = self.apply(self.one, batch["x"])
        return Objective(ops.mean(ops.square(y)), {}, {"y": ops.stop_gradient(y)})

    def second_objective(self, batch: dict[str, Any]) -> Objective:
        made = self.apply(self.two, batch["y"]) + self.apply(self.shared, batch["x"])
        return Objective(ops.mean(ops.square(made)), {"seen": batch["y"]}, {"z": made})

    def third_objective(self, batch: dict[str, Any]) -> Objective:
        return Objective(ops.mean(ops.square(self.apply(self.three, batch["z"]) - batch["y"])))


X = np.random.default_rng(0).normal(size=(16, 2)).astype(np.float32)


def sgd(rate: float = 0.1) -> Any:
    return keras.optimizers.SGD(rate)


@pytest.mark.parametrize("simultaneous", [False, True])
def test_what_is_passed_reaches_the_next_players(simultaneous):
    model = Three(seed=1)
    model.compile({player: sgd() for player in model.players}, simultaneous=simultaneous)
    kernel, bias = model.one.get_weights()
    history = model.fit(X, batch_size=16, shuffle=False, verbose=0).history
    assert set(history) == {"first_loss", "second_loss", "third_loss", "seen"}
    # The first objective's figures are from before its update, in turn as well.
    assert history["seen"][0] == pytest.approx((X @ kernel + bias).mean(), abs=1e-5)


def test_in_turn_and_at_once_differ_as_they_must():
    losses = {}
    for simultaneous in (False, True):
        keras.utils.set_random_seed(3)
        model = Three()
        model.compile({"first": sgd(), "second": sgd()}, simultaneous=simultaneous)
        assert int(ops.convert_to_numpy(model.optimizer["second"].iterations)) == 0
        model.fit(X, batch_size=16, verbose=0)
        losses[simultaneous] = model.two.get_weights()[0]
    assert np.allclose(losses[False], losses[True], atol=1e-6)  # `y` is passed from one pass


def test_a_shared_layer_counts_once():
    model = Three()
    assert len(model.variables_of("second")) == 2
    assert len(model.optimizer["second"].variables) == 2 + 2 * 2


def test_steps_of_one_player():
    model = Three()
    model.compile(steps={"second": 3})
    model.fit(X, batch_size=8, verbose=0)
    counts = {p: int(ops.convert_to_numpy(model.optimizer[p].iterations)) for p in model.players}
    assert counts == {"first": 2, "second": 6, "third": 2}


def test_a_distance_alone_needs_no_discriminator():
    tiny = {**zoo.FAMILIES["Pix2Pix"].tiny, "dropout": 0.0, "adversarial_weight": 0.0, "seed": 1}
    played, alone = (registry.model_class("Pix2Pix")(**tiny) for _ in range(2))
    for network in ("generator", "discriminator"):
        getattr(alone, network).set_weights(getattr(played, network).get_weights())
    played.compile(optimizers={"generator": sgd(1e-3)})
    alone.compile(optimizers={"generator": sgd(1e-3)}, steps={"discriminator": 0})
    judge = [np.array(w) for w in alone.discriminator.get_weights()]
    data = tasks.get("translation").tiny_data(played, 8, 0)
    logs = [model.fit(*data, batch_size=4, shuffle=False, verbose=0).history for model in
            (played, alone)]  # fmt: skip
    assert logs[0]["l1"] == pytest.approx(logs[1]["l1"], rel=1e-5)
    assert logs[1]["d_loss"] == [0.0]
    pairs = zip(played.generator.trainable_weights, alone.generator.trainable_weights, strict=True)
    for pair in pairs:  # means of batch norm move with every pass, of which it has one less
        np.testing.assert_allclose(*map(ops.convert_to_numpy, pair), atol=1e-6)
    for before, after in zip(judge, alone.discriminator.get_weights(), strict=True):
        assert np.array_equal(before, after)


def test_a_player_waits():
    gan = ganzoo.GAN(dense(3, 2, "generator"), dense(2, 1, "discriminator"), seed=1)
    gan.compile(steps={"discriminator": 0})
    before = [network.get_weights()[0] for network in (gan.discriminator, gan.generator)]
    real = np.tanh(X)
    logs = gan.fit(real, batch_size=8, epochs=2, verbose=0).history
    assert np.array_equal(before[0], gan.discriminator.get_weights()[0])
    assert not np.array_equal(before[1], gan.generator.get_weights()[0])
    assert logs["d_loss"] == logs["d_real_accuracy"] == [0.0, 0.0]
    assert min(logs["g_loss"]) > 0.0
    gan.compile()
    assert gan.fit(real, batch_size=8, verbose=0).history["d_loss"][0] > 0.0


@pytest.mark.parametrize("what", ["optimizers", "steps"])
def test_nobody_of_that_name_plays(what):
    with pytest.raises(InvalidArgumentError, match=r"no player 'secnd'.*Did you mean 'second'"):
        Three().compile(**{what: {"secnd": 2 if what == "steps" else sgd()}})


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"optimizers": sgd()}, "by player, {'first': ..."),
        ({"steps": {"first": -1}}, "steps\\['first'\\] must be from 0"),
        ({"steps": {"third": 0}}, "The last player, third, cannot wait"),
        ({"steps": {"first": 0}, "simultaneous": True}, "one update of each player"),
        ({"steps": {"first": 2}, "simultaneous": True}, "one update of each player"),
        ({"penalty": penalties.R1(1.0)}, "Three takes no penalty"),
        ({"augmentation": ganzoo.augmentation.Augmentation()}, "takes no augmentation"),
        ({"loss": "mse"}, "no argument 'loss'"),
    ],
)
def test_what_cannot_be_honoured_is_refused(options, part):
    with pytest.raises(InvalidArgumentError, match=part):
        Three().compile(**options)


def test_an_optimizer_each():
    same = sgd()
    with pytest.raises(InvalidArgumentError, match="need an optimizer each"):
        Three().compile({"first": same, "second": same})


def test_a_rate_that_follows_a_schedule_is_not_set():
    model = Three()
    schedule = keras.optimizers.schedules.CosineDecay(0.1, 10)
    model.compile({"first": keras.optimizers.SGD(schedule)})
    with pytest.raises(InvalidArgumentError, match="rate of the first follows a schedule"):
        model.optimizer.learning_rate = 0.1


def test_a_frozen_player_trains_nothing_and_the_others_go_on():
    model = Three()
    model.one.trainable = False
    model.compile()
    before = [network.get_weights() for network in (model.one, model.three)]
    model.fit(X, batch_size=8, verbose=0)
    assert all((a == b).all() for a, b in zip(before[0], model.one.get_weights(), strict=True))
    assert any((a != b).any() for a, b in zip(before[1], model.three.get_weights(), strict=True))


def test_undeclared_and_missing_figures():
    class Loud(Three):
        def first_objective(self, batch: Any) -> Objective:
            return super().first_objective(batch)._replace(logs={"sene": ops.ones(())})

    class Silent(Three):
        def second_objective(self, batch: Any) -> Objective:
            return super().second_objective(batch)._replace(logs={})

    with pytest.raises(InvalidArgumentError, match=r"logs 'sene', which Loud\.logged does not"):
        Loud().fit(X, verbose=0)
    with pytest.raises(InvalidArgumentError, match=r"declares 'seen'.*no objective logs it"):
        Silent().fit(X, verbose=0)


def test_a_game_that_cannot_be_played_is_refused_when_it_is_made():
    class Nobody(AdversarialModel):
        pass

    class Lost(Three):
        players = {"first": Player(("four",), "loss")}  # noqa: RUF012

    class Mute(Three):
        players = {"fourth": Player(("one",), "loss")}  # noqa: RUF012

    with pytest.raises(InvalidArgumentError, match="has no players"):
        Nobody({"one": dense(2, 2, "one")})
    with pytest.raises(InvalidArgumentError, match="trains 'four', which is none of its networks"):
        Lost()
    with pytest.raises(InvalidArgumentError, match="no method fourth_objective"):
        Mute()


def test_saved_and_loaded_with_averages_and_steps(tmp_path):
    model = Three(ema_momentum=0.9, seed=2)
    model.compile(steps={"second": 2})
    model.fit(X, batch_size=8, verbose=0)
    model.save(tmp_path / "three.keras")
    again = keras.models.load_model(tmp_path / "three.keras")
    assert again.steps == {"first": 1, "second": 2, "third": 1}
    pairs = zip(model.variables, again.variables, strict=True)
    assert all(np.array_equal(*map(ops.convert_to_numpy, pair)) for pair in pairs)
    pairs = zip(model.optimizer.variables, again.optimizer.variables, strict=True)
    assert all(np.array_equal(*map(ops.convert_to_numpy, pair)) for pair in pairs)
    assert again.inference_network("two") is again.averaged_two
    assert again.inference_network("one") is again.one


def test_an_average_whose_momentum_follows_a_schedule():
    model = Three(ema_momentum=Schedule(0.0, 0.05, over=32, after=16))
    model.fit(X, batch_size=16, verbose=0)  # the first step: a momentum of 0 copies the network
    pairs = zip(model.two.get_weights(), model.averaged_two.get_weights(), strict=True)
    assert all(np.allclose(a, b, atol=1e-7) for a, b in pairs)
    config = model.get_config()
    assert config["ema_momentum"]["over"] == 32
    assert Three.from_config(config).ema_momentum == model.ema_momentum


# --- GAN -----------------------------------------------------------------------------------------


def test_a_discriminator_with_two_heads_is_refused():
    x = keras.Input((3,))
    two = keras.Model(x, [layers.Dense(1)(x), layers.Dense(4)(x)])
    with pytest.raises(InvalidArgumentError, match="discriminator of a GAN must have one output"):
        ganzoo.GAN(dense(2, 3, "generator"), two)
    with pytest.raises(InvalidArgumentError, match=r"logits of shape \(B, 1\); got \(B, 2\)"):
        ganzoo.GAN(dense(2, 3, "generator"), dense(3, 2, "discriminator"))


def conditional() -> ConditionalGAN:
    networks = []
    for name, size, made in (("generator", 2, 3), ("discriminator", 3, 1)):
        x, condition = keras.Input((size,)), keras.Input((2,))
        joined = layers.Concatenate()([x, condition])
        networks.append(keras.Model([x, condition], layers.Dense(made)(joined), name=name))
    return ConditionalGAN(*networks, classes=("a", "b"), seed=1)


def test_a_conditional_gan_of_ones_own_is_saved_and_loaded(tmp_path):
    gan = conditional()
    gan.fit(np.zeros((4, 3), np.float32), np.array([0, 1, 0, 1]), verbose=0)
    gan.save(tmp_path / "gan.keras")
    again = keras.models.load_model(tmp_path / "gan.keras")
    assert again.classes == ("a", "b")
    assert np.array_equal(gan.sample(4, 0, "b"), again.sample(4, seed=0, label="b"))


def test_a_label_is_no_batch_size():
    gan = conditional()
    latents = np.ones((3, 2), np.float32)
    assert np.array_equal(gan.generate(latents, "a"), gan.generate(latents, label="a"))
    assert np.array_equal(gan.generate(latents, "a"), gan.generate(latents, "a", batch_size=2))
    with pytest.raises(InvalidArgumentError, match="takes no label; got 'a'"):
        ganzoo.GAN(dense(2, 3, "g"), dense(3, 1, "d")).condition(3, "a")


class Added(ganzoo.GAN):
    """Its generator minimises 100 more."""

    def generator_objective(self, batch: Any) -> Objective:
        made = super().generator_objective(batch)
        return made._replace(loss=made.loss + 100.0)


def test_validation_has_all_that_the_generator_minimises():
    gan = Added(dense(2, 3, "generator"), dense(3, 1, "discriminator"))
    real = np.zeros((8, 3), np.float32)
    history = gan.fit(real, validation_data=(real,), verbose=0).history
    assert history["g_loss"][0] > 100
    assert history["val_g_loss"][0] > 100


@pytest.mark.parametrize("simultaneous", [False, True])
def test_a_relativistic_generator_sees_real_logits(simultaneous):
    class Relative(ganzoo.GAN):
        relativistic = True

        def discriminator_loss(self, real_logits: Any, fake_logits: Any) -> Any:
            return ganzoo.losses.relativistic_discriminator_loss(real_logits, fake_logits)

        def generator_loss(self, fake_logits: Any, real_logits: Any) -> Any:
            return ganzoo.losses.relativistic_generator_loss(fake_logits, real_logits)

    gan = Relative(dense(2, 3, "generator"), dense(3, 1, "discriminator"))
    gan.compile(simultaneous=simultaneous, penalty=[penalties.R1(1.0), penalties.R2(1.0)])
    gan.discriminator.set_weights([np.zeros((3, 1)), np.zeros(1)])
    history = gan.fit(np.ones((8, 3), np.float32), batch_size=8, verbose=0).history
    assert history["d_loss"][0] == pytest.approx(np.log(2), abs=1e-6)
    assert len(gan.penalties) == 2


def test_optimizers_by_name_or_by_player_but_not_both():
    gan = ganzoo.GAN(dense(2, 3, "generator"), dense(3, 1, "discriminator"))
    gan.compile(optimizers={"generator": sgd(1e-3)})
    assert type(gan.optimizer["generator"]).__name__ == "SGD"
    assert gan.optimizer["generator"] is gan.optimizer.generator_optimizer
    with pytest.raises(InvalidArgumentError, match="not both"):
        gan.compile(sgd(), optimizers={"generator": sgd(1e-3)})


# --- run -----------------------------------------------------------------------------------------


def test_run_takes_any_number_of_inputs_and_ranks():
    vector, picture = keras.Input((2,)), keras.Input((4, 4, 1))
    pooled = layers.GlobalAveragePooling2D()(picture)
    joined = layers.Concatenate()([vector, pooled])
    network = keras.Model([vector, picture], [layers.Dense(3)(joined), picture])
    random = np.random.default_rng(1)
    arrays = random.normal(size=(7, 2)), random.normal(size=(7, 4, 4, 1))
    arrays = [array.astype(np.float32) for array in arrays]
    first, second = run(network, *arrays, batch_size=3)
    assert first.shape == (7, 3)
    assert np.array_equal(second, arrays[1])
    assert np.allclose(first, ops.convert_to_numpy(network(arrays)[0]), atol=1e-6)
    with pytest.raises(InvalidArgumentError, match=r"takes arrays of shapes \(n, 2\), \(n, 4, 4"):
        run(network, arrays[0])
    with pytest.raises(InvalidArgumentError, match="n >= 1"):
        run(network, arrays[0][:3], arrays[1])


def test_run_follows_the_weights():
    network = dense(2, 2, "network")
    x = np.ones((3, 2), np.float32)
    before = run(network, x)
    network.set_weights([2 * w for w in network.get_weights()])
    assert np.allclose(run(network, x), 2 * before, atol=1e-6)


def test_a_batch_without_its_parts_is_refused():
    with pytest.raises(DataError, match="trained with labels"):
        conditional().train_step((ops.ones((2, 3)),))


# --- two players that move the same variables ----------------------------------------------------


class Shared(AdversarialModel):
    """Both players move one network; their losses have known gradients."""

    players = {  # noqa: RUF012
        "first": Player(("one",), "first_loss"),
        "second": Player(("one", "two"), "second_loss"),
    }

    def batch(self, data: Any) -> dict[str, Any]:
        return {"x": self.tensor(keras.utils.unpack_x_y_sample_weight(data)[0])}

    def first_objective(self, batch: dict[str, Any]) -> Objective:
        return Objective(ops.sum(self.apply(self.one, batch["x"])))

    def second_objective(self, batch: dict[str, Any]) -> Objective:
        made = self.apply(self.one, batch["x"]) + self.apply(self.two, batch["x"])
        return Objective(2.0 * ops.sum(made))


@pytest.mark.parametrize("simultaneous", [False, True])
def test_a_variable_of_two_players_follows_both_losses(simultaneous, tmp_path):
    model = Shared({name: dense(2, 1, name) for name in ("one", "two")}, seed=1)
    model.compile({"first": sgd(0.1), "second": sgd(0.01)}, simultaneous=simultaneous)
    before = model.one.get_weights()[0][:, 0], model.two.get_weights()[0][:, 0]
    model.fit(X, batch_size=16, verbose=0)
    slope = X.sum(axis=0)
    after = model.one.get_weights()[0][:, 0], model.two.get_weights()[0][:, 0]
    np.testing.assert_allclose(after[0], before[0] - (0.1 + 0.02) * slope, atol=1e-5)
    np.testing.assert_allclose(after[1], before[1] - 0.02 * slope, atol=1e-5)


@keras.saving.register_keras_serializable("tests")
class Kept(Shared):
    """As a user writes it: the constructor is the base class's."""


def test_a_game_of_networks_handed_over_is_saved_and_loaded(tmp_path):
    model = Kept({name: dense(2, 1, name) for name in ("one", "two")}, seed=1)
    model.fit(X, batch_size=4, verbose=0)
    model.save(tmp_path / "kept.keras")
    again = keras.models.load_model(tmp_path / "kept.keras")
    for one, other in zip(model.variables, again.variables, strict=True):
        assert np.array_equal(ops.convert_to_numpy(one), ops.convert_to_numpy(other))
    assert float(ops.convert_to_numpy(again.images)) == 16.0


def test_images_are_counted_through_stages_and_short_batches():
    model = Three()
    model.fit(X[:10], batch_size=4, verbose=0)  # 4, 4, 2
    model.compile(steps={"second": 2})
    model.fit(X[:10], batch_size=4, verbose=0)
    assert float(ops.convert_to_numpy(model.images)) == 20.0


def test_an_average_of_nothing_is_refused():
    networks = {name: dense(2, 1, name) for name in ("one", "two")}
    with pytest.raises(InvalidArgumentError, match="Shared averages no networks"):
        Shared(networks, ema_momentum=0.9)
    with pytest.raises(InvalidArgumentError, match="momentum must be"):
        Three().keep_averages(None)


def test_figures_and_averages_have_one_name_each():
    class Twice(Three):
        logged = ("seen", "first_loss")

    class Strange(Three):
        averaged = ("four",)

    with pytest.raises(InvalidArgumentError, match="logs two figures as 'first_loss'"):
        Twice()
    with pytest.raises(InvalidArgumentError, match="averages 'four', which is none"):
        Strange()
