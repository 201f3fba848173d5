"""The families: one file each, none imports another."""

from ganzoo.environment import require_backend

require_backend()
