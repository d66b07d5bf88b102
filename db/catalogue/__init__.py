"""What the numbers mean: indicators, targets and vaccines, read from the yml files beside this one."""

from db.catalogue.loader import CatalogueError, load_catalogue
from db.catalogue.model import Aggregation, Catalogue, Indicator, Target, Vaccine

__all__ = ["Aggregation", "Catalogue", "CatalogueError", "Indicator", "Target", "Vaccine", "load_catalogue"]
