"""People's data in a file: found before anything is stored, then refused, or counted and forgotten (decision 008)."""

from etl.personal.screen import Screened, screen

__all__ = ["Screened", "screen"]
