#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/common/client_flags.hpp"
#include "cli/common/field_flags.hpp"
#include "support/result.hpp"
#include "sweep/plan/spec.hpp"

namespace troupe::cli {

/// The flags of a sweep of a service that is not ours, as given.
struct ServiceFlags {
  std::optional<std::string> target, before, after, ready, cpu_of, before_timeout, ready_timeout,
      before_output;
  std::vector<std::string> axes;  ///< "pool=4,8,16"
  ClientFlags client;
  FieldFlags fields;

  /// `this` must outlive the parse.
  void add_to(CLI::App& app);
  /// A flag that only goes with --target; empty: none was given.
  std::string given_without_target() const;
  /// The same of what a sweep's records keep.
  std::string given_of_plan() const;
};

/// Lays the service and its axes over `spec`; nothing without --target. Error: invalid_argument, one line.
Result<void> add_service(const ServiceFlags& flags, sweep::Spec& spec);

/// The fields of requests' heads for a sweep that goes on: records hold no secret, so --header gives those of
/// them again. Error: invalid_argument, one line.
Result<void> take_fields(const ServiceFlags& flags, sweep::Spec& spec);

/// What its reader must know of a service's plan, one line each.
std::vector<std::string> service_notes(const sweep::Service& service);

}  // namespace troupe::cli
