"""`ganzoo info`: answered from data alone, without a backend."""

from __future__ import annotations

import json

import click

from ganzoo import tasks
from ganzoo.cli.options import check_given
from ganzoo.presets import find
from ganzoo.presets.find import Resolved
from ganzoo.zoo import registry


@click.command()
@click.pass_context
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def info(ctx: click.Context, name: str, as_json: bool) -> None:
    """Show what is known of a model.

    NAME is a name in the zoo, a preset, a run, or a .keras file: networks, data, licence, files.
    """
    found = find.resolve(name)
    check_given(ctx, tasks.get(found.task), name)
    facts = describe(found)
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


def describe(found: Resolved) -> dict[str, object]:
    """Return the facts of a model, in the order in which `info` shows them."""
    family, entry = registry.family(found.family), found.entry
    facts: dict[str, object] = {"name": found.name}
    if entry is not None:
        facts["summary"] = entry.summary
    facts |= {
        "family": found.family,
        "task": found.task,
        "paper": family.paper + (f" (arXiv:{family.arxiv})" if family.arxiv else ""),
        **tasks.get(found.task).describe(found.config),
    }
    if entry is not None:
        facts |= {f"{name} parameters": f"{n:,}" for name, n in entry.parameters.items()}
        facts |= {
            "data": entry.data,
            "licence of the data": entry.licence,
            "credit": entry.credit,
        }
    recipe = found.recipe
    if recipe is not None:
        again = "" if entry is None else f"; ganzoo train {found.name}"
        facts["recipe"] = (
            f"{recipe.epochs} epochs, batch {recipe.batch_size}, seed {recipe.seed}, "
            f"{recipe.backend}, {recipe.dtype_policy}{again}"
        )
    facts["files"] = _files(found)
    return facts


def _files(found: Resolved) -> dict[str, str]:
    """Return the registered files of a name, or those of a folder, by their names."""
    if found.folder is not None:
        inside = found.folder.iterdir() if found.folder.is_dir() else [found.folder]
        paths = sorted(path for path in inside if path.is_file())
        return {path.name: f"{path.stat().st_size:>10,} bytes" for path in paths}
    return {
        file.name: f"{file.size:>10,} bytes  sha256 {file.sha256}"
        for file in registry.checkpoints().get(found.name, ())
    } or {"none": f"no weights yet; make them with `ganzoo train {found.name}`"}
