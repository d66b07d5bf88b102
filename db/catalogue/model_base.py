"""What every entry of the catalogue is made of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Domain = Literal["enrollment", "dropout", "vaccination", "hygiene", "context"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
