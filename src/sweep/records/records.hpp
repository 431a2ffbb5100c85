#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/result/results.hpp"
#include "sweep/records/cell.hpp"

/// What a sweep measured, in memory and in its record file. docs/reference/results.md describes every field;
/// both change together, and a change that readers must know of raises schema_version.
namespace troupe::sweep {

constexpr std::string_view schema_name = "troupe.sweep";
constexpr std::int64_t schema_version = 2;

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// Who used the CPUs of the machine while a repeat was measured: shares of all CPUs, 0 to 1; NaN: not known.
struct CpuShares {
  double machine = unknown;     ///< all of them together
  double troupe = unknown;      ///< server and users
  double postgresql = unknown;  ///< every postgres process of this machine
  double others = unknown;
  double stolen = unknown;  ///< given to others by a hypervisor
};

/// One repeat of one cell, as measured after its warm-up.
struct Repeat {
  Cell cell;
  std::uint64_t round = 0;     ///< each round runs every cell once, in an order of its own; from 0
  std::uint64_t sequence = 0;  ///< its place in the order in which the sweep ran, from 0
  std::uint64_t seed = 0;      ///< of its load
  std::string started_at;      ///< RFC 3339, UTC
  std::string failure;         ///< why it could not be run; nothing was measured then. Empty: it was run
  sim::Seconds measured{};
  std::uint64_t requests = 0;  ///< finished: good and failed
  std::uint64_t failed = 0;
  std::uint64_t timed_out = 0;  ///< part of failed
  std::uint64_t dropped = 0;    ///< arrivals that were never sent
  double offered_per_s = 0;     ///< arrivals that were due; 0 with users
  double rate_per_s = 0;        ///< good answers that came within `measured`
  double in_flight = 0;         ///< requests under way: mean of the looks
  sim::MeanMicros mean{};       ///< response times, from here on
  sim::Micros p50{}, p90{}, p99{}, p99_9{}, max{};
  double worker_cpu = 0;  ///< mean busy share of the workers' threads, 0 to 1
  CpuShares cpu;
  bool disturbed = false;         ///< others took so much of the machine that the figures are theirs, too
  double rows_per_statement = 0;  ///< commands that one statement carried; 0: no statement was sent
  bool saturated = false;         ///< the load generator was the bottleneck
  /// Of an outside service: CPU seconds of its processes within `measured`; absent: nobody asked (--cpu-of).
  std::optional<double> service_cpu_s;
  std::vector<sim::WaterfallStage> waterfall;

  double error_rate() const {
    return requests == 0 ? 0 : static_cast<double>(failed) / static_cast<double>(requests);
  }
};

/// A file that decides what was measured.
struct Input {
  std::string sha256;
  std::string text;
  bool operator==(const Input&) const = default;
};

/// Where and how a sweep was made: what environment.json holds.
struct TestBed {
  sim::Host host;
  std::map<std::string, std::string> versions;             ///< troupe, git commit, PostgreSQL, libraries
  std::map<std::string, std::string> postgresql_settings;  ///< those that decide speed, from pg_settings
  std::string database;                                    ///< for people: "embedded PostgreSQL"
  std::map<std::string, std::string> settings;  ///< Troupe's, in force where a cell says nothing else
  /// "scenario mixed", "model actors" -> the content of its file: a name says little.
  std::map<std::string, Input> inputs;
  std::vector<std::string> notes;  ///< what else a reader must know, one line each
};

/// What is kept of what a command writes, unless somebody says otherwise, and at least.
constexpr std::uint64_t usual_command_output = 1 << 20, least_command_output = 4 << 10;

/// A service that is not ours (--target), and how a sweep brings it into a configuration. No password is in
/// it: commands take theirs from the environment.
struct Service {
  std::string target;              ///< its URL
  std::vector<std::string> axes;   ///< what is varied of it, in the order given: "axis.pool"
  std::string before;              ///< shell command with {axis} in it, before each repeat; empty: none
  std::string after;               ///< the same after each, whatever became of it
  sim::Seconds command_timeout{};  ///< for each of the two to end
  /// Bytes kept of what each writes; absent in older files: usual_command_output.
  std::optional<std::uint64_t> command_output;
  std::string ready;  ///< URL that then answers 2xx or 3xx; empty: the target takes connections
  sim::Seconds ready_timeout{};
  std::string cpu_of;     ///< whose CPU time is the service's (see ServiceProcesses); empty: nobody asked
  std::string ca_file;    ///< https: authorities to trust; empty: the system's
  bool insecure = false;  ///< https: any certificate is taken
  std::vector<std::string> resolve;  ///< where hosts are (see sim::ClientOptions)
  bool no_check = false;             ///< it need not be the items API
  /// Fields of every request's head, "NAME: VALUE", or "NAME: ***" of one that nobody should see.
  std::optional<std::vector<std::string>> headers;
  std::optional<std::string> bearer_env;  ///< the variable of the environment that has the token
};

/// A sweep's plan and surroundings: the first record of its file.
struct SweepInfo {
  std::string command;
  std::string started_at;  ///< RFC 3339, UTC
  std::uint64_t seed = 0;
  std::uint64_t repeats = 0;  ///< wanted per cell; with a budget: at least one
  sim::Seconds duration{}, warm_up{};
  sim::Seconds budget{};  ///< 0: none
  /// Name or TOML key -> its values, in the order given.
  std::map<std::string, std::vector<std::string>> axes;
  std::vector<std::string> constraints;
  std::map<std::string, std::string> load_options;  ///< see Spec
  std::optional<std::string> goal;  ///< what "best" means ("rate while p99 < 20ms"), if it was told
  std::string stand_in;             ///< what took PostgreSQL's place ("serial:5ms"); empty: nothing did
  std::optional<Service> service;   ///< absent: the sweep is of our own server
  TestBed test_bed;
};

/// Everything that a sweep recorded.
struct Sweep {
  SweepInfo info;
  std::vector<Repeat> repeats;
};

}  // namespace troupe::sweep
