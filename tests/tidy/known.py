"""Faults that are known and being mended: `rule path detail`, or how that begins. One that is mended must go from here."""

KNOWN = []
