#pragma once

#include <CLI/CLI.hpp>

#include "sim/transport/http_target.hpp"

namespace troupe::cli {

/// How users get to an outside server, as flags.
struct ClientFlags {
  sim::ClientOptions options;
  bool insecure = false;
  bool no_check = false;  ///< it need not be the items API

  /// `this` must outlive the parse.
  void add_to(CLI::App& app, const char* group);
  /// The same without --no-check.
  void add_way_to(CLI::App& app, const char* group);
  /// Something was said.
  bool any() const;
  /// What was said, for find_target.
  sim::ClientOptions client() const;
};

}  // namespace troupe::cli
