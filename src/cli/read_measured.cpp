#include "cli/read_measured.hpp"

#include <utility>

#include "sim/record/run_record.hpp"
#include "sim/result/results_io.hpp"
#include "support/read_file.hpp"
#include "sweep/records/record_file.hpp"

namespace troupe::cli {

Result<Measured> read_measured(const std::string& path) {
  if (sweep::is_sweep(path)) {
    auto sweep = sweep::read_sweep(path);
    if (!sweep) return sweep.error();
    return Measured(*std::move(sweep));
  }
  const auto bytes = read_file(path);
  if (!bytes) return bytes.error();
  auto result = sim::is_run_record(*bytes) ? sim::read_run_record(*bytes) : sim::read_result(*bytes);
  if (!result) return Error{result.error().code, path + ": " + result.error().message};
  return Measured(*std::move(result));
}

}  // namespace troupe::cli
