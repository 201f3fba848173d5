"""`ganzoo list` and `ganzoo info`: answered from data alone, without a backend."""

from __future__ import annotations

import json

import click

from ganzoo.zoo import registry
from ganzoo.zoo.forms import Entry


@click.command("list")
@click.argument("pattern", required=False)
@click.option("--pretrained", is_flag=True, help="Only models with weights.")
@click.option("--names", is_flag=True, help="Names only, one a line.")
def list_command(pattern: str | None, pretrained: bool, names: bool) -> None:
    """List the zoo; PATTERN is shell-style, such as "*mnist*"."""
    found = registry.list_models(pattern, pretrained=True if pretrained else None)
    if names:
        for name in found:
            click.echo(name)
        return
    shipped = registry.checkpoints()
    width = max([len(name) for name in found], default=4)
    for name in found:
        entry = registry.entry(name)
        size = sum(file.size for file in shipped.get(name, ()))
        weights = f"{size / 2**20:6.1f} MiB" if size else "no weights"
        click.echo(f"{name:<{width}}  {entry.family:<10}  {weights:>10}  {entry.summary}")
    if not found:
        what = "is pretrained" if pattern is None else f"matches {pattern!r}"
        click.echo(f"No model {what}; `ganzoo list` shows all.", err=True)


@click.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def info(name: str, as_json: bool) -> None:
    """Show what is known of a model: networks, data, licence, files."""
    facts = describe(name, registry.entry(name))
    if as_json:
        click.echo(json.dumps(facts, indent=1))
        return
    for key, value in facts.items():
        if isinstance(value, dict):
            click.echo(f"{key}:")
            for inner, text in value.items():
                click.echo(f"  {inner:<24} {text}")
        else:
            click.echo(f"{key + ':':<26} {value}")


def describe(name: str, entry: Entry) -> dict[str, object]:
    """Return the facts of an entry, in the order in which `info` shows them."""
    family = registry.family(entry.family)
    generator, discriminator = entry.parameters
    facts: dict[str, object] = {
        "name": name,
        "summary": entry.summary,
        "family": entry.family,
        "paper": family.paper + (f" (arXiv:{family.arxiv})" if family.arxiv else ""),
        "latents": f"(n, {entry.config['latent_dim']}), standard normal",
        "samples": _samples(entry),
        "generator parameters": f"{generator:,}",
        "discriminator parameters": f"{discriminator:,}",
        "data": entry.data,
        "licence of the data": entry.licence,
        "credit": entry.credit,
    }
    if entry.recipe is not None:
        facts["recipe"] = (
            f"{entry.recipe.epochs} epochs, batch {entry.recipe.batch_size}, "
            f"seed {entry.recipe.seed}, {entry.recipe.backend}, {entry.recipe.dtype_policy}; "
            f"ganzoo train {name}"
        )
    files = registry.checkpoints().get(name, ())
    facts["files"] = {
        file.name: f"{file.size:>10,} bytes  sha256 {file.sha256}" for file in files
    } or {"none": f"no weights yet; make them with `ganzoo train {name}`"}
    return facts


def _samples(entry: Entry) -> str:
    if registry.family(entry.family).data == "events":
        return "(n, 3), momenta px, py, pz in GeV"
    shape = entry.config.get("image_shape") or entry.config["data_shape"]
    return f"(n, {', '.join(map(str, shape))}), in [-1, 1]"
