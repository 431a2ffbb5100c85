#pragma once

#include "sweep/analysis/summary.hpp"

namespace troupe::sweep {

/// What a sweep says, from its records alone. Pure and repeatable: its resampling is seeded from the sweep's
/// seed. Repeats of a cell are told apart by their round.
Summary summarize(const Sweep& sweep);

}  // namespace troupe::sweep
