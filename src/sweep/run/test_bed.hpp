#pragma once

#include <chrono>
#include <string>

#include "support/result.hpp"
#include "sweep/records/records.hpp"

namespace troupe::sweep {

/// The machine and the versions of this program and its libraries; the rest is for the caller to fill.
TestBed this_test_bed();

/// Adds the version ("postgresql") and the settings of the server at `conninfo`. Blocks, `timeout` at most
/// per step.
Result<void> add_postgresql(TestBed& test_bed, const std::string& conninfo,
                            std::chrono::milliseconds timeout);

}  // namespace troupe::sweep
