"""A page that runs models in a browser: one file, no server, no network.

`write(["dcgan_mnist"], "page.html")`; README.md beside this file says how it works.
"""

from ganzoo.export.page.building import Written, write

__all__ = ["Written", "write"]
