#include "cli/sweep/sweep.hpp"

#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <sstream>

#include "cli/common/database_fault.hpp"
#include "cli/common/exit_code.hpp"
#include "cli/common/startup.hpp"
#include "cli/sweep/sweep_checks.hpp"
#include "cli/sweep/sweep_flags.hpp"
#include "cli/sweep/sweep_info.hpp"
#include "cli/sweep/sweep_notes.hpp"
#include "cli/sweep/sweep_resources.hpp"
#include "cli/sweep/sweep_view.hpp"
#include "cli/sweep/write_config.hpp"
#include "harness/make_pool.hpp"
#include "sim/result/provenance.hpp"
#include "stand_in/stand_in.hpp"
#include "support/atomic_file.hpp"
#include "support/config_places.hpp"
#include "sweep/analysis/summarize.hpp"
#include "sweep/output/sweep_html.hpp"
#include "sweep/output/sweep_outputs.hpp"
#include "sweep/output/sweep_text.hpp"
#include "sweep/run/cell_runner.hpp"
#include "sweep/run/repeat_loop.hpp"
#include "sweep/run/running_command.hpp"
#include "sweep/run/service_runner.hpp"
#include "sweep/run/test_database.hpp"

namespace troupe::cli {

namespace {

/// results/2026-11-22T16-00-00: a time that every file system takes as a name.
std::string directory_for(std::string started_at) {
  std::ranges::replace(started_at, ':', '-');
  return "results/" + started_at.substr(0, started_at.find('Z'));
}

/// Where a sweep's servers find their data.
struct Place {
  harness::PoolSource pool{};
  const postgres::Database* database = nullptr;  ///< null with a stand-in and an outside service
  std::string description{};
  std::vector<std::string> notes{};
  std::function<Result<void>(const sweep::PlannedCell&)> prepare{};
};

/// One `troupe sweep` from its checked flags to its exit code.
class SweepCommand {
 public:
  /// `flags` and `loaded` outlive it. `settings`: what `loaded` has become for this sweep.
  SweepCommand(const SweepFlags& flags, const LoadedSettings& loaded, sweep::Spec spec, Settings settings,
               std::string command)
      : flags_(flags),
        loaded_(loaded),
        spec_(std::move(spec)),
        settings_(std::move(settings)),
        command_(std::move(command)),
        maker_(spec_, settings_, {config_places("scenarios"), config_places("models")}),
        view_(status_line(std::cout, STDOUT_FILENO, flags.quiet)) {}

  int run() {
    std::signal(SIGPIPE, SIG_IGN);
    if (flags_.stand_in) {
      const auto stand_in = stand_in::parse_stand_in(*flags_.stand_in);
      if (!stand_in) return usage_fault("--stand-in-database: " + stand_in.error().message);
      stand_in_ = *stand_in;
    }
    auto grid = sweep::make_grid(spec_, maker_);
    if (!grid) return usage_fault(grid.error().message);
    grid_ = *std::move(grid);
    if (const auto fault = contradicts_resources(flags_, settings_, grid_)) return usage_fault(*fault);
    inputs_ = maker_.inputs();
    if (const auto read = add_resource_inputs(flags_, settings_, inputs_); !read)
      return usage_fault(read.error().message);
    if (const auto fault = other_inputs(sweep_.info, inputs_)) return usage_fault(*fault);
    if (flags_.write_config) {
      if (const auto fault = cannot_write_config(*flags_.write_config, grid_)) return usage_fault(*fault);
    }
    const auto expected = expected_time();
    if (!flags_.quiet) tell_plan(expected);
    if (flags_.dry_run) return tell_cells();
    if (const auto fault = takes_too_long(spec_, grid_, expected, flags_.yes)) return usage_fault(*fault);
    if (const auto fault = needs_too_many_files(grid_)) return usage_fault(*fault);
    if (const auto made = make_directory(); !made) return usage_fault(made.error().message);
    const int code = spec_.service ? run_on_service() : stand_in_ ? run_on_stand_in() : run_on_postgresql();
    std::error_code not_empty;  // what did not begin leaves nothing behind
    if (!file_) std::filesystem::remove(directory_, not_empty);
    return code;
  }

  void go_on(sweep::RecordFile::Resumed resumed) {
    directory_ = *flags_.resume;
    file_.emplace(std::move(resumed.file));
    sweep_ = std::move(resumed.sweep);
  }

 private:
  void interrupt() {
    if (repeats_ != nullptr) repeats_->interrupt();
  }

  std::chrono::duration<double> expected_time() const {
    if (spec_.budget) return *spec_.budget;
    const auto all = grid_.cells.size() * spec_.repeats;
    return sweep::expected_repeat_time(spec_) *
           static_cast<double>(all - std::min(all, sweep_.repeats.size()));
  }

  void tell_plan(std::chrono::duration<double> expected) const {
    std::cout << fmt::format("{} cells × {} repeats, about {}", grid_.cells.size(), spec_.repeats,
                             rough_time(expected));
    if (spec_.service && !spec_.budget) std::cout << " and what the commands take";
    if (file_) std::cout << fmt::format(" ({} repeats are there already)", sweep_.repeats.size());
    if (grid_.left_out > 0) std::cout << fmt::format(" ({} cells left out by constraints)", grid_.left_out);
    if (spec_.budget) std::cout << " (the budget: coarse first, then finer near the knee)";
    std::cout << std::endl;
    if (!spec_.service) return;
    for (const auto& note : service_notes(*spec_.service)) std::cout << "Note: " << note << std::endl;
  }

  int tell_cells() const {
    for (const auto& planned : grid_.cells) std::cout << describe(planned.cell) << '\n';
    return exit_ok;
  }

  std::size_t most_connections() const {
    std::size_t most = 0;
    for (const auto& planned : grid_.cells)
      most = std::max<std::size_t>(most, planned.cell.configuration.connections);
    return most;
  }

  Result<void> make_directory() {
    if (file_) return {};
    sweep_.info.started_at = sim::rfc3339(std::time(nullptr));
    directory_ = flags_.out.value_or(directory_for(sweep_.info.started_at));
    return sweep::make_empty_directory(directory_);
  }

  int run_on_stand_in() { return run_session({harness::stand_in_pool(*stand_in_, spec_.seed)}); }

  int run_on_service() {
    if (const auto io = actors::usable_io(settings_.workers.io); !io)
      return fail(exit_code_of(io.error()), io.error().message);
    sweep::ServiceRunner runner(loop_, spec_, harness::users_workers(settings_.workers),
                                directory_ / "commands.log", running_command_);
    return run_session({.description = "an outside service, " + spec_.service->target,
                        .notes = service_notes(*spec_.service)},
                       runner);
  }

  int run_session(const Place& place) {
    sweep::CellRunner runner(loop_, spec_, place.pool);
    return run_session(place, runner);
  }

  int run_on_postgresql() {
    if (!settings_.database.resources.empty()) return run_on_resources();
    const auto give_up = [this] { return stop_.requested(); };
    auto database = sweep::TestDatabase::open(settings_.database, most_connections(), give_up);
    if (stop_.requested()) return fail(exit_interrupted, "ended before anything was measured");
    if (!database) return database_fault(database.error(), loaded_, Without::brings_its_own);
    const int code =
        run_session({harness::database_pool(database->database()), &database->database(),
                     database->database().description(), database->notes(),
                     [&](const sweep::PlannedCell& planned) { return database->reset(planned.items); }});
    if (const auto done = database->remove_table(); !done && code == exit_ok) {
      return fail(exit_database_away, "could not remove the table of the sweep: " + done.error().message);
    }
    return code;
  }

  int run_on_resources() {
    std::ostringstream nobody;
    auto& out = flags_.quiet ? static_cast<std::ostream&>(nobody) : std::cout;
    auto database = open_resources(flags_, settings_, grid_, most_connections(), spec_.seed, out,
                                   [this] { return stop_.requested(); });
    if (stop_.requested()) return fail(exit_interrupted, "ended before anything was measured");
    if (!database) return database_fault(database.error(), loaded_, Without::cannot_run);
    const int code = run_session({harness::database_pool(database->database()), &database->database(),
                                  database->description(), database->notes(),
                                  [&](const sweep::PlannedCell&) { return database->reset(); }});
    if (const auto done = database->remove(); !done && code == exit_ok) {
      return fail(exit_database_away,
                  "could not remove the copy: " + done.error().message + "; troupe copies --remove does");
    }
    return code;
  }

  int run_session(const Place& place, sweep::RepeatRunner& runner) {
    if (const auto done = open_records(place); !done) {
      return fail(exit_code_of(done.error()), done.error().message);
    }
    sweep::RepeatLoop repeats({spec_, grid_, maker_, runner, place.prepare,
                               [this](const auto& repeat) { return file_->append(repeat); },
                               [this](const auto& progress) { view_.show(progress); }},
                              sweep_);
    repeats_ = &repeats;
    if (stop_.requested()) repeats.interrupt();
    const auto ran = repeats.run();
    repeats_ = nullptr;
    view_.close();
    const int code = conclude();
    if (!ran) {
      const bool disk = ran.error().code == ErrorCode::io;  // the records could not be written
      return fail(disk ? exit_failure : exit_code_of(ran.error()), ran.error().message + how_to_go_on());
    }
    if (repeats.interrupted()) return fail(exit_interrupted, "ended early" + how_to_go_on());
    return code;
  }

  Result<void> open_records(const Place& place) {
    if (const auto done = check_scenarios(place); !done) return done;
    const auto* opened = place.database;
    if (file_) return opened != nullptr ? check_version(sweep_.info, *opened, settings_) : Result<void>{};
    auto info = begin_info(spec_, grid_, settings_, opened);
    if (!info) return info.error();
    info->command = command_;
    info->test_bed.inputs = inputs_;
    if (!place.description.empty()) info->test_bed.database = place.description;
    info->started_at = sweep_.info.started_at;
    info->stand_in = flags_.stand_in.value_or("");
    info->test_bed.notes = place.notes;
    sweep_.info = *std::move(info);
    auto file = sweep::RecordFile::create(directory_, sweep_.info);
    if (!file) return file.error();
    file_.emplace(*std::move(file));
    return {};
  }

  /// What scenarios ask of the tables, before anything is measured.
  Result<void> check_scenarios(const Place& place) const {
    if (spec_.service) return {};  // it has no tables of ours
    for (const auto& planned : grid_.cells) {
      const auto material = harness::make_material(place.pool, *planned.scenario, spec_.seed,
                                                   settings_.database.connect_timeout);
      if (!material) return material.error();
    }
    return {};
  }

  std::string how_to_go_on() const {
    return fmt::format("; troupe sweep --resume {} goes on", directory_.string());
  }

  int conclude() {
    if (sweep_.repeats.empty()) return exit_ok;
    const auto summary = summarize(sweep_);
    std::cout << '\n' << sweep::text_summary(sweep_.info, summary);
    if (const auto done = sweep::write_outputs(directory_, sweep_, summary); !done) {
      return fail(exit_usage, done.error().message);
    }
    if (const auto done = write_file(directory_ / "report.html", sweep::html_report(sweep_, summary));
        !done) {
      return fail(exit_usage, done.error().message);
    }
    if (const auto done = write_config(summary); !done) return fail(exit_usage, done.error().message);
    std::cout << fmt::format("Everything is in {}, with pictures in report.html.", directory_.string())
              << std::endl;
    if (!summary.cells.empty()) return exit_ok;
    return fail(exit_database_away, "not one cell could be run: " + summary.failed.front().failure);
  }

  Result<void> write_config(const sweep::Summary& summary) const {
    if (!flags_.write_config) return {};
    const auto& answers = summary.recommendations;
    const auto text = answers.size() == 1 ? config_text(sweep_.info, answers.front(), grid_) : std::nullopt;
    if (!text) {
      std::cout << fmt::format("Nothing is recommended, so {} is not written.", *flags_.write_config)
                << std::endl;
      return {};
    }
    if (const auto done = write_file(*flags_.write_config, *text); !done) return done;
    std::cout << fmt::format("These settings are in {0}: troupe serve --config {0}", *flags_.write_config)
              << std::endl;
    return {};
  }

  const SweepFlags& flags_;
  const LoadedSettings& loaded_;
  sweep::Spec spec_;
  Settings settings_;
  std::string command_;
  sweep::CellMaker maker_;
  sweep::Grid grid_;
  std::map<std::string, sweep::Input> inputs_;
  boost::asio::io_context loop_;
  sweep::RunningCommand running_command_;
  // From before anything is printed, because who reads the plan may stop us at once. A thread of its own
  // hears the signal, also while PostgreSQL starts or an answer is written; ours takes it up.
  StopSignal stop_{[this] { boost::asio::post(loop_, [this] { interrupt(); }); },
                   {},
                   [this] { running_command_.end_for_good(); }};
  SweepView view_;
  std::optional<stand_in::StandIn> stand_in_;
  std::filesystem::path directory_;
  std::optional<sweep::RecordFile> file_;
  sweep::Sweep sweep_;
  sweep::RepeatLoop* repeats_ = nullptr;
};

int resume(SweepFlags& flags, const std::string& command) {
  if (const auto fault = contradicts_resume(flags)) return usage_fault(*fault);
  return with_settings(flags.settings, [&](const LoadedSettings& loaded) {
    auto resumed = sweep::RecordFile::resume(*flags.resume);
    if (!resumed) return usage_fault(resumed.error().message);
    const auto& info = resumed->sweep.info;
    if (const auto fault = begun_elsewhere(info, loaded.settings)) return usage_fault(*fault);
    auto settings = settings_of(info, loaded.settings);
    if (!settings) return usage_fault(settings.error().message);
    if (!info.stand_in.empty()) flags.stand_in = info.stand_in;
    take_resource_inputs(info, flags);
    auto spec = sweep::spec_of(info);
    if (const auto taken = take_fields(flags.service, spec); !taken)
      return usage_fault(taken.error().message);
    SweepCommand sweep(flags, loaded, std::move(spec), *std::move(settings), command);
    sweep.go_on(*std::move(resumed));
    return sweep.run();
  });
}

int begin(SweepFlags& flags, const std::string& command) {
  if (const auto fault = contradicts_sweep(flags)) return usage_fault(*fault);
  auto spec = make_spec(flags);
  if (!spec) return usage_fault(spec.error().message);
  return with_settings(flags.settings, [&](const LoadedSettings& loaded) {
    auto settings = loaded.settings;
    settings.server.host = "127.0.0.1";
    settings.server.port = 0;
    settings.database.table = sweep::sweep_table;
    if (spec->service) settings.database.url.clear();  // DATABASE_URL is the service's
    if (!flags.settings.values.contains("database.resources"))
      settings.database.resources.clear();  // for serve
    return SweepCommand(flags, loaded, *std::move(spec), std::move(settings), command).run();
  });
}

}  // namespace

int sweep(const std::vector<std::string>& arguments) {
  CLI::App app("Measures a grid of configurations in one process and says which one to run.", "troupe sweep");
  SweepFlags flags;
  flags.add_to(app);
  app.footer(sweep_examples);
  const LongHelp long_help{{"--help", "--help-all", "FILE", "--scenario", "--users", "--duration", "--budget",
                            "--target", "--axis", "--write-config", "--dry-run", "--workers", "--pool-size",
                            "--batching", "--database-url", "--resources"},
                           sweep_rest};
  if (const auto done = parse(app, arguments, long_help)) return *done;
  std::vector<std::string> words{"sweep"};
  for (auto& argument : shown_arguments(arguments)) words.push_back(std::move(argument));
  const auto command = sim::command_text(words);
  return flags.resume ? resume(flags, command) : begin(flags, command);
}

}  // namespace troupe::cli
