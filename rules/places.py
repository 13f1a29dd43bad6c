"""Places: the gazetteer that rules name and facts point to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer, under its canonical English name.

    `lat` and `lon` are degrees (WGS 84); `uncertainty_km` says how far off they may be. `precision` is
    `exact` (a settlement, a post), `near` (a lake, a pass, a road), `province` or `country`.
    `province` and `country` come from the gazetteer's row, never from an outline on a map.
    """

    id: str
    name: str
    country: str
    province: str
    lat: float
    lon: float
    precision: str
    uncertainty_km: float = 0.0
