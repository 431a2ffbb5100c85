#pragma once

#include <string>
#include <string_view>

#include "sim/result/results.hpp"
#include "support/result.hpp"

// Results as files.

namespace troupe::sim {

std::string write_json(const RunResult& result);
std::string write_msgpack(const RunResult& result);

/// Both fail with one line that says what is wrong where ("tasks[1].response.p99_us: must be a whole number
/// from 0 up"), also when the schema or its version is another.
Result<RunResult> read_json(std::string_view text);
Result<RunResult> read_msgpack(std::string_view bytes);
/// Tells the two forms apart by the first byte.
Result<RunResult> read_result(std::string_view bytes);

}  // namespace troupe::sim
