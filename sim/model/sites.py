"""Where people are scanned."""

from __future__ import annotations

from sim.model.quantity import Latitude, Longitude, Ratio
from sim.model.section import Section


class Site(Section):
    """A building, or a pad where a mobile scanner parks; its name is the key in the file."""

    place: str
    """The place whose people call it their own town's site."""
    latitude: Latitude
    """WGS84."""
    longitude: Longitude
    """WGS84."""
    odds_of_attending: Ratio = 1.0
    """Odds ratio of attending here against a site of another kind, equally far; 1 is no effect."""
