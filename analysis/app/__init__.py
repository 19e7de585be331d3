"""The page for students: `python -m analysis.app`."""
