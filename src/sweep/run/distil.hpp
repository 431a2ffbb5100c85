#pragma once

#include "sim/measure/busy_looks.hpp"
#include "sim/result/results.hpp"
#include "sweep/records/records.hpp"

namespace troupe::sweep {

/// What a sweep keeps of a run, all but the cell and who used the CPUs. Pure.
Repeat distil(const sim::RunResult& result, const sim::BusyFigures& busy);

/// Logs what is wrong with a run's teardown. The repeat was measured by then, and counts.
void tell_of_teardown(const Result<void>& done);

}  // namespace troupe::sweep
