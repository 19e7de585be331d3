"""The kinds of test: what is requested, what a scanner makes."""

from __future__ import annotations

from typing import Literal

MODALITIES = ("MRI", "CT", "ultrasound", "X-ray", "DEXA", "PET-CT")
Modality = Literal["MRI", "CT", "ultrasound", "X-ray", "DEXA", "PET-CT"]
