#include "cli/common/database_fault.hpp"

#include <spdlog/fmt/fmt.h>

#include "cli/common/startup.hpp"

namespace troupe::cli {
namespace {

std::string who_named_it(const LoadedSettings& loaded, Without without) {
  const auto origin = loaded.origins.find("database.url");
  if (origin == loaded.origins.end() || origin->second.source == Source::standard) return {};
  return fmt::format(
      " (database.url: {}{})", origin->second.text,
      without == Without::brings_its_own ? "; without it Troupe brings a PostgreSQL of its own" : "");
}

}  // namespace

int database_fault(const Error& error, const LoadedSettings& loaded, Without without) {
  const auto away = error.code == ErrorCode::unavailable;
  return fail(exit_code_of(error), error.message + (away ? who_named_it(loaded, without) : ""));
}

}  // namespace troupe::cli
