"""`python -m ganzoo` is the command `ganzoo`; `torchrun -m ganzoo train NAME` begins several."""

from ganzoo.cli import main

main(prog_name="ganzoo")
