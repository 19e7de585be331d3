"""Imaging Waits: who waits how long for a scan when different people run the scanners."""

__version__ = "0.1.0"
