"""What the numbers mean: indicators, targets, vaccines and validation rules, read from the yml files beside this one."""

from db.catalogue.forms import Form
from db.catalogue.loader import CatalogueError, load_catalogue
from db.catalogue.model import Aggregation, Catalogue, Indicator, Target, Vaccine
from db.catalogue.rules import Quantity, Rule

__all__ = [
    "Aggregation",
    "Catalogue",
    "CatalogueError",
    "Form",
    "Indicator",
    "Quantity",
    "Rule",
    "Target",
    "Vaccine",
    "load_catalogue",
]
