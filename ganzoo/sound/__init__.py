"""Sounds: pictures of them that a network can draw, the way back, their pitch, and WAV files."""

from __future__ import annotations

from ganzoo.sound.pitch import fundamental, midi_number, note_name
from ganzoo.sound.spectra import Spectra
from ganzoo.sound.wav import read_wav, write_wav

__all__ = ["Spectra", "fundamental", "midi_number", "note_name", "read_wav", "write_wav"]
