"""Where people are scanned."""

from __future__ import annotations

from sim.model.quantity import Latitude, Longitude
from sim.model.section import Section


class Site(Section):
    """A building, or a pad where a mobile scanner parks; its name is the key in the file."""

    place: str
    """The place whose people call it their own town's site."""
    latitude: Latitude
    """WGS84."""
    longitude: Longitude
    """WGS84."""
