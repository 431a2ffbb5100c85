#include "cli/simulate/simulate_faults.hpp"

#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <optional>
#include <thread>

#include "cli/common/command_line.hpp"
#include "cli/common/exit_code.hpp"
#include "report/status_line.hpp"
#include "support/git_commit.hpp"
#include "support/log.hpp"
#include "support/parse.hpp"
#include "support/time.hpp"
#include "world/run/children.hpp"
#include "world/run/shrink.hpp"

namespace troupe::cli {
namespace {

using world::Fault;
using world::WorldOptions;
using world::WorldReport;

constexpr const char* simulate_faults_notes =
    R"(The server's own actors, sessions and endpoints run between a modelled network and a modelled PostgreSQL, in virtual time.
A seed decides on everything: the configuration, the tables, what clients ask for, what breaks, and in which order things
happen that happen at once. Everything that clients were told is then held against what the database did: no answered
write is lost or done twice, every request is answered once and in time, what is read is never older than what was told
before, and nothing is left over.

Examples:
  troupe simulate-faults --seeds 1000
  troupe simulate-faults --time 1h --from 5000 --keep-going
  troupe simulate-faults --seed 42 --trace
      one seed again, with a line for every message

Exit codes:
  0  nothing was wrong
  1  something was
  2  a mistake on the command line
)";

/// Real time that one world may take before it counts as hung.
constexpr std::chrono::seconds limit{60};
constexpr std::uint64_t usual_seeds = 100;

struct Flags {
  std::uint64_t seeds = 0, from = 1;  ///< none: the usual, or as many as there is time for
  std::optional<Duration> time;
  std::optional<std::uint64_t> seed;
  bool trace = false, keep_going = false;
  std::size_t jobs = std::max(1U, std::thread::hardware_concurrency());
};

std::vector<Fault> faults_of(std::uint64_t seed) {
  return world::schedule(seed, world::configure(seed).load_time);
}

/// What all worlds together did.
class Total {
 public:
  void add(const WorldReport& report) {
    ++worlds_;
    requests_ += report.requests;
    commits_ += report.commits;
    seconds_ += report.seconds;
    for (const auto& [kind, count] : report.faults) faults_[kind] += count;
    for (const auto& [answer, count] : report.answers) answers_[answer] += count;
    if (!report.wrong.empty()) ++failed_;
  }
  std::size_t worlds() const { return worlds_; }
  std::size_t failed() const { return failed_; }

  void print(double real_seconds) const {
    std::cout << fmt::format("{} seeds: {} requests, {} commits, {:.0f} s of virtual time in {:.2f} s\n",
                             worlds_, requests_, commits_, seconds_, real_seconds);
    std::cout << "  answers: " << list(answers_)
              << "\n  faults:  " << (faults_.empty() ? "none" : list(faults_)) << '\n';
    std::cout << (failed_ == 0 ? "Nothing was lost, doubled, late, out of order or left over.\n"
                               : fmt::format("{} of {} seeds failed.\n", failed_, worlds_));
  }

 private:
  static std::string list(const std::map<std::string, std::size_t>& counts) {
    std::string text;
    for (const auto& [name, count] : counts)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, count);
    return text;
  }

  std::size_t worlds_ = 0, failed_ = 0, requests_ = 0, commits_ = 0;
  double seconds_ = 0;
  std::map<std::string, std::size_t> faults_, answers_;
};

void print_failure(const WorldReport& report) {
  std::cout << fmt::format("seed {} at commit {}:\n", report.seed, git_commit);
  constexpr std::size_t most = 10;
  for (std::size_t i = 0; i < report.wrong.size() && i < most; ++i)
    std::cout << "  " << report.wrong[i] << '\n';
  if (report.wrong.size() > most) std::cout << fmt::format("  and {} more\n", report.wrong.size() - most);
  const auto all = faults_of(report.seed);
  const auto needed = world::shrink(all, [&](const std::vector<Fault>& fewer) {
    return !world::run_in_child({report.seed, fewer, {}}, limit).wrong.empty();
  });
  std::cout << fmt::format("  {} of its {} faults are needed:\n", needed.size(), all.size());
  for (const auto& fault : needed) std::cout << "    " << world::to_text(fault) << '\n';
  std::cout << fmt::format("  replay: troupe simulate-faults --seed {} --trace\n", report.seed) << std::flush;
}

/// The world again, in this process, so that what it prints comes as it happens. Only the faults that its
/// failure needs, if it fails.
int trace_one(const Flags& flags) {
  auto faults = faults_of(*flags.seed);
  const auto fails = [&](const std::vector<Fault>& some) {
    return !world::run_in_child({*flags.seed, some, {}}, limit).wrong.empty();
  };
  if (fails(faults)) faults = world::shrink(std::move(faults), fails);
  log_without_times();  // the time of day is not of the world
  world::World world({*flags.seed, faults, [](const std::string& line) { std::cout << line << std::endl; }});
  const auto report = world.run();
  for (const auto& what : report.wrong) std::cout << "WRONG: " << what << '\n';
  std::cout.flush();
  if (!world.can_end()) std::_Exit(exit_failure);  // its end would wait for what is left over
  return report.wrong.empty() ? exit_ok : exit_failure;
}

int run_seeds(const Flags& flags) {
  const auto began = std::chrono::steady_clock::now();
  const auto mode =
      ::isatty(STDERR_FILENO) != 0 ? report::StatusLine::Mode::rewrite : report::StatusLine::Mode::quiet;
  report::StatusLine status(std::cerr, mode, [] { return report::terminal_width(STDERR_FILENO); });
  world::Children children(limit);
  Total total;
  std::vector<WorldReport> failed;
  const auto goes_on = [&](std::uint64_t started) {
    if (!failed.empty() && !flags.keep_going) return false;
    if (flags.time && std::chrono::steady_clock::now() - began >= *flags.time) return false;
    return flags.seeds == 0 || started < flags.seeds;
  };
  for (std::uint64_t started = 0; goes_on(started) || children.running() > 0;) {
    for (; children.running() < flags.jobs && goes_on(started); ++started) {
      const auto seed = flags.from + started;
      children.start({seed, faults_of(seed), {}});
    }
    if (children.running() == 0) break;
    auto report = children.wait();
    total.add(report);
    status.show(flags.seeds == 0 ? fmt::format("{} seeds", total.worlds())
                                 : fmt::format("{} of {} seeds", total.worlds(), flags.seeds));
    if (!report.wrong.empty()) failed.push_back(std::move(report));
  }
  status.close();
  // Shrinking takes its time, in which nobody would look after the others.
  std::ranges::sort(failed, {}, &WorldReport::seed);
  for (const auto& report : failed) print_failure(report);
  total.print(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  return total.failed() == 0 ? exit_ok : exit_failure;
}

}  // namespace

int simulate_faults(const std::vector<std::string>& arguments) {
  CLI::App app(
      "Runs the server in simulated worlds in which things break, and looks whether anything is lost.",
      "troupe simulate-faults");
  app.set_help_flag("-h,--help", "print this text and exit");
  app.get_formatter()->column_width(40);
  Flags flags;
  app.add_option("--seeds", flags.seeds, "how many worlds (100, or as many as --time allows)")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  std::string time;
  app.add_option("--time", time, "begin none after so long: 90s, 1h")->type_name("TIME");
  app.add_option("--from", flags.from, "the first one's seed (1)")->type_name("SEED");
  app.add_option_function<std::uint64_t>(
         "--seed", [&](std::uint64_t seed) { flags.seed = seed; }, "this one only")
      ->type_name("SEED");
  app.add_flag("--trace", flags.trace, "tell every message of that one");
  app.add_flag("--keep-going", flags.keep_going, "do not stop at the first seed that fails");
  app.add_option("--jobs", flags.jobs, "worlds at a time (one per CPU)")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  app.footer(simulate_faults_notes);
  if (const auto done = parse(app, arguments)) return *done;
  if (flags.trace && !flags.seed) return usage_fault("--trace needs the --seed of a world");
  if (!time.empty()) {
    const auto parsed = parse_duration(time);
    if (!parsed) return usage_fault("--time: " + parsed.error().message);
    flags.time = *parsed;
  }
  if (flags.trace) return trace_one(flags);
  if (flags.seeds == 0 && !flags.time) flags.seeds = usual_seeds;
  if (flags.seed) {
    flags.from = *flags.seed;
    flags.seeds = 1;
  }
  return run_seeds(flags);
}

}  // namespace troupe::cli
