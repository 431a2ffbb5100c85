"""Faults that are known and being mended: `rule path detail`, or how that begins. One that is mended must go from here."""

KNOWN = [
    # The API's table of routes, its formats and faults are not yet handed to the server from outside.
    "closed_rooms src/http/server/",
    "circles src/http/",
    # Replaced with the items by resources.
    "long_files tests/items/codec_read_test.cpp",
    # Samples and a scenario in one piece: nothing in them is reused.
    "long_functions tests/helpers/sim_realistic_result.hpp",
    "long_functions tests/sweep/sweep_leaks_pgtest.cpp",
]
