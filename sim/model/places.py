"""Where people live."""

from __future__ import annotations

from sim.model.quantity import Latitude, Longitude, People, Share
from sim.model.section import Section


class Place(Section):
    """A place that people travel from; its name is the key in the file."""

    population: People
    """Usual residents."""
    households_without_car: Share
    """Share of households with no car or van; taken as the share of patients without one."""
    latitude: Latitude
    """Of the place's centre, WGS84."""
    longitude: Longitude
    """Of the place's centre, WGS84."""
    key: str | None = None
    """Names the place's random numbers; default its name. Keep it when you rename a place."""
