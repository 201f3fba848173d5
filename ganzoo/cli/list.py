"""`ganzoo list`: answered from data alone, without a backend."""

from __future__ import annotations

import click

from ganzoo.zoo import registry


@click.command("list")
@click.argument("pattern", required=False)
@click.option("--pretrained", is_flag=True, help="Only models with weights.")
@click.option("--names", is_flag=True, help="Names only, one a line.")
def list_command(pattern: str | None, pretrained: bool, names: bool) -> None:
    """List the zoo.

    PATTERN is shell-style, such as "*mnist*".
    """
    found = registry.list_models(pattern, pretrained=True if pretrained else None)
    if names:
        for name in found:
            click.echo(name)
        return
    shipped = registry.checkpoints()
    lines = []
    for name in found:
        entry = registry.entry(name)
        size = sum(file.size for file in shipped.get(name, ()))
        weights = f"{size / 2**20:.1f} MiB" if size else "no weights"
        lines.append((name, entry.family, weights, entry.summary))
    names_width, families, weights_width = (
        max((len(line[column]) for line in lines), default=0) for column in range(3)
    )
    for name, family, weights, summary in lines:
        columns = f"{name:<{names_width}}  {family:<{families}}  {weights:>{weights_width}}"
        click.echo(f"{columns}  {summary}")
    if not found:
        what = "is pretrained" if pattern is None else f"matches {pattern!r}"
        click.echo(f"No model {what}; `ganzoo list` shows all.", err=True)
