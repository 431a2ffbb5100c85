#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/request_head.hpp"
#include "support/result.hpp"

namespace troupe::cli {

/// Fields of every request's head, as flags.
struct FieldFlags {
  std::vector<std::string> headers;       ///< NAME: VALUE
  std::optional<std::string> bearer_env;  ///< the variable of the environment that has the token

  /// `this` must outlive the parse.
  void add_to(CLI::App& app, const char* group);
  /// What they say. Error: invalid_argument, one line.
  Result<std::vector<sim::FieldText>> fields() const;
};

/// A value of --header as records and people may see it: "NAME: VALUE", or "NAME: ***".
std::string shown_header(const std::string& header);

/// A command's arguments as results may tell them: of --header what may be seen.
std::vector<std::string> shown_arguments(std::vector<std::string> arguments);

}  // namespace troupe::cli
