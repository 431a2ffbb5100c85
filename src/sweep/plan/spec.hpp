#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/request_head.hpp"
#include "support/result.hpp"
#include "support/time.hpp"
#include "sweep/records/records.hpp"

namespace troupe::sweep {

/// One thing that is varied: "scenario", "transport", "model", "users", "arrival_rate", a setting by its
/// TOML key, or a free name of an outside service ("axis.pool").
struct Axis {
  std::string name;
  std::vector<std::string> values;
  bool operator==(const Axis&) const = default;
};

/// What to sweep, before it is known whether it makes sense: a sweep file, flags, or both.
struct Spec {
  std::vector<Axis> axes;
  std::vector<std::string> constraints;
  std::optional<std::string> goal;  ///< see goal.hpp; one that can be read
  std::optional<Service> service;   ///< absent: of our own server
  /// Of every request's head to that service; with their secrets, so no record has them.
  std::vector<sim::FieldText> fields;
  /// What else decides the load of all cells, by name: timeout, and with arrivals also arrivals (the
  /// process), max_in_flight and max_backlog.
  std::map<std::string, std::string> load_options;
  Duration duration = std::chrono::seconds(3);
  Duration warm_up = std::chrono::milliseconds(500);
  std::optional<Duration> budget;
  std::uint64_t repeats = 3;
  std::uint64_t seed = 1;

  /// Adds an axis or takes the place of the one with its name.
  void set_axis(Axis axis);
  const Axis* find(std::string_view name) const;
};

/// The setting that `name` means: a key, or the part of one after the dot ("pool_size"); empty for what
/// cannot be swept.
std::string swept_setting(std::string_view name);

/// Whether an axis (or a key of a model) may have this name: its full form. The Error says what it may.
Result<std::string> axis_name(std::string_view name);

/// "axis.pool" of "pool": lower-case letters, digits and underscores, and none of the words that every sweep
/// has.
Result<std::string> service_axis_name(std::string_view name);

/// Reads a sweep file (config/sweep.toml shows all it can hold). `file` names it in errors. Pure.
Result<Spec> parse_spec(std::string_view toml, const std::string& file);

/// The plan as a sweep's records keep it, and back again. `axes`: with the standard ones.
SweepInfo info_of(const Spec& spec, const std::vector<Axis>& axes);
Spec spec_of(const SweepInfo& info);

// What the file and the flags read alike; `name` names the value in errors.
Result<Duration> read_length(std::string_view name, const std::string& text, bool zero_allowed);
Result<std::uint64_t> read_repeats(std::string_view name, std::string_view text);
/// "1,2,4": no value may be empty or come twice.
Result<Axis> read_axis(std::string_view name, const std::vector<std::string>& values);

}  // namespace troupe::sweep
