"""The base of the plan's records."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """Base of the plan's records: frozen, and closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
