"""How long people travel."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.model.places import Place
from sim.model.quantity import Duration, MinutesPerKm, Ratio
from sim.model.section import Section
from sim.model.sites import Site

EARTH_RADIUS_KM = 6371.0088
MINUTES_A_DAY = 1440


class Travel(Section):
    """Minutes from place to site: known road minutes first, otherwise great circle by a fitted line."""

    car_minutes: dict[str, dict[str, Duration]] = {}
    """Known driving times between two places, in either order."""
    own_town: Duration
    """Driving time to a site in one's own place."""
    fixed_time: Duration
    """Other pairs: the part of the driving time that does not grow with distance."""
    minutes_per_km: MinutesPerKm
    """Other pairs: driving minutes per great-circle km; detour and speed in one number."""
    public_transport_ratio: Ratio
    """Time by public transport over time by car."""


class Journeys(NamedTuple):
    """Travel worked out; each array has shape (places, sites)."""

    car: np.ndarray
    """Minutes by car."""
    public_transport: np.ndarray
    """Minutes by public transport."""
    km: np.ndarray
    """Great-circle distance; 0 in one's own place."""


def journeys(travel: Travel, places: dict[str, Place], sites: dict[str, Site]) -> Journeys:
    """Work out every journey from every place to every site, one way."""
    car = np.empty((len(places), len(sites)))
    km = np.empty_like(car)
    for i, (name, place) in enumerate(places.items()):
        for j, site in enumerate(sites.values()):
            apart = great_circle_km(place, site)
            known = travel.car_minutes.get(name, {}).get(site.place)
            if known is None:
                known = travel.car_minutes.get(site.place, {}).get(name)
            if site.place == name:
                apart, known = 0.0, travel.own_town
            if known is None:
                known = travel.fixed_time + apart * travel.minutes_per_km / MINUTES_A_DAY
            car[i, j], km[i, j] = known * MINUTES_A_DAY, apart
    return Journeys(car, car * travel.public_transport_ratio, km)


def great_circle_km(one: Place | Site, other: Place | Site) -> float:
    """Distance over the ground between two positions, in km (haversine formula)."""
    lat1, lon1, lat2, lon2 = map(math.radians, (one.latitude, one.longitude, other.latitude, other.longitude))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half))
