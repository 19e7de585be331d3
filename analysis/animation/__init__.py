"""Patients moving from the list to a scanner and a report, and vans between sites, as a page of its own."""
