#include "cli/simulate/simulate.hpp"

#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <csignal>
#include <iostream>
#include <sstream>

#include "actors/database/lanes.hpp"
#include "cli/common/database_fault.hpp"
#include "cli/common/exit_code.hpp"
#include "cli/common/output_flags.hpp"
#include "cli/common/startup.hpp"
#include "cli/simulate/check_scenario.hpp"
#include "cli/simulate/live_outputs.hpp"
#include "cli/simulate/simulate_flags.hpp"
#include "harness/make_pool.hpp"
#include "harness/own_server.hpp"
#include "postgres/catalogue/drop_table.hpp"
#include "postgres/database.hpp"
#include "postgres/server_facts.hpp"
#include "sim/material/outside_material.hpp"
#include "sim/output/run_text.hpp"
#include "sim/record/run_record.hpp"
#include "sim/result/provenance.hpp"
#include "sim/transport/targets_transport.hpp"
#include "support/number_formats.hpp"

namespace troupe::cli {

namespace {

constexpr const char* simulate_examples =
    R"(Examples:
  troupe simulate --users 200 --duration 30s
      our own server and PostgreSQL and 200 users, in one process, without sockets
  troupe simulate --users 200 --transport http
      the same over real loopback sockets
  troupe simulate --users 50 --target http://localhost:8000
      an outside server
  troupe simulate --resources shop.toml --scenario my-mix.toml --database-url postgresql://app@db/shop
      on a copy of tables of yours, made on the same server and removed at the end
  troupe simulate --arrival-rate 2000 --duration 30s --fail-if 'p99 > 50ms'
      2,000 requests begin each second, whatever becomes of those before
)";

constexpr const char* simulate_rest =
    R"(
The flags in the groups in brackets are settings, as with troupe serve; they are for the server of our own.
--server-host and --port say where it listens with --transport http (127.0.0.1, a free port).

Exit codes:
  0  success                              4  a --fail-if condition holds, or --check found a fault
  1  a failure without a code of its own  5  --strict: the load generator was the bottleneck
  2  a mistake on the command line        6  nothing was measured, or to judge a --fail-if by
  3  PostgreSQL or the target is away, or the target is not this API; or not one request was good
  130  ended early by Ctrl-C; every output was written
)";

/// One `troupe simulate` from its checked plan to its exit code.
class Simulation {
 public:
  /// `flags` and `loaded` outlive it.
  Simulation(const SimulateFlags& flags, const LoadedSettings& loaded, SimulatePlan plan, std::string command)
      : flags_(flags),
        loaded_(loaded),
        plan_(std::move(plan)),
        settings_(loaded.settings),
        command_(std::move(command)),
        out_(flags.uses_standard_output() ? std::cerr : std::cout),
        view_(status_line(out_, flags_.uses_standard_output() ? STDERR_FILENO : STDOUT_FILENO,
                          flags.quiet || flags.check)) {
    // The standard port may be taken by a server, and nobody need know ours.
    if (loaded.origins.at("server.port").source == Source::standard) settings_.server.port = 0;
  }

  int run() {
    std::signal(SIGPIPE, SIG_IGN);
    settings_.database.pool_size =
        actors::pool_size_of(settings_.database, actors::worker_count(settings_.workers));
    return plan_.url ? run_against_target() : run_with_own_server();
  }

 private:
  std::optional<std::string> too_many_sockets(bool own_server) const {
    const auto users = sim::users_at_most(*plan_.plan);
    const auto connections = users * (1 + plan_.plan->scenario->targets.size());
    return too_many_files(fmt::format("{} users need", users), sockets_for(connections, own_server),
                          "--users");
  }

  /// The run's own target, and behind it those that the scenario names.
  Result<std::vector<sim::HttpTarget>> find_targets(std::chrono::milliseconds timeout) const {
    std::vector<std::string> urls{*plan_.url};
    for (const auto& named : plan_.plan->scenario->targets) urls.push_back(named.url);
    std::vector<sim::HttpTarget> targets;
    for (const auto& url : urls) {
      auto target = sim::find_target(url, timeout, flags_.client.client());
      if (!target) return target.error();
      targets.push_back(*std::move(target));
    }
    return targets;
  }

  int run_against_target() {
    if (const auto fault = too_many_sockets(false)) return usage_fault(*fault);
    if (const auto io = actors::usable_io(settings_.workers.io); !io)
      return fail(exit_code_of(io.error()), io.error().message);
    auto at_once = stop_.exits_at_once(exit_interrupted);  // names and targets can take their time
    const auto timeout = std::chrono::ceil<std::chrono::milliseconds>(plan_.plan->timeout);
    auto targets = find_targets(timeout);
    if (!targets) return fail(exit_code_of(targets.error()), targets.error().message);
    if (!flags_.client.no_check) {
      const auto done = sim::check_items_api(targets->front(), *plan_.plan->scenario, timeout);
      if (!done) return fail(exit_code_of(done.error()), done.error().message);
    }
    at_once.reset();
    shown_targets_ = *targets;
    settings_.workers.wakeups = Wakeups::eager;  // they measure: an answer's time is when it came
    actors::Runtime runtime(settings_.workers);
    sim::TargetsTransport transport(runtime, std::move(*targets));
    const auto material = sim::outside_material(*plan_.plan->scenario);
    sim::Waterfall waterfall(runtime.workers().size(), sim::Waterfall::Of::outside);
    const int code = run_load({loop_, runtime, nullptr, transport, material, &waterfall, view_}, *plan_.url);
    transport.stop();
    if (!flags_.quiet) tell_of_tls();
    return code;
  }

  void tell_of_tls() const {
    std::uint64_t handshakes = 0, resumed = 0;
    for (const auto& target : shown_targets_) {
      if (!target.origin.tls) continue;
      handshakes += target.origin.tls->handshakes();
      resumed += target.origin.tls->resumed();
    }
    if (handshakes > 0)
      out_ << fmt::format("TLS: {}, {} resumed\n", counted(handshakes, "handshake"), resumed);
  }

  int run_with_own_server() {
    if (plan_.http) {
      if (const auto fault = too_many_sockets(true)) return usage_fault(*fault);
      settings_.server.max_connections =
          std::max(settings_.server.max_connections, sim::users_at_most(*plan_.plan) + 16);
    }
    fit_descriptors(settings_);
    if (plan_.stand_in) {
      database_ = "a stand-in for PostgreSQL, " + flags_.stand_in_database;
      return run_on(harness::stand_in_pool(*plan_.stand_in, plan_.plan->seed));
    }
    if (flags_.settings.values.contains("database.resources") && !settings_.database.url.empty())
      return run_on_tables();
    // Also where DATABASE_URL says which database it is.
    if (!settings_.database.url.empty() && plan_.plan->scenario->writes_by_sql() && !flags_.use_table)
      return usage_fault("the scenario's statements write: on another's database that needs --use-table");
    const bool own_table = choose_tables();
    if (own_table) settings_.database.table = fmt::format("troupe_simulate_{}", ::getpid());
    auto at_once = settings_.database.url.empty() ? nullptr : stop_.exits_at_once(exit_interrupted);
    auto database = postgres::Database::open(settings_.database, settings_.database.pool_size,
                                             [this] { return stop_.requested(); });
    if (stop_.requested()) return ended_early();
    if (!database) return database_fault(database.error(), loaded_, Without::brings_its_own);
    if (const auto done = tell_of(*database); !done)
      return fail(exit_code_of(done.error()), done.error().message);
    at_once.reset();
    const int code = run_on(harness::database_pool(*database));
    if (!own_table) return code;
    const auto dropped = postgres::drop_table(database->conninfo(), database->items()->resource.table,
                                              settings_.database.connect_timeout);
    if (!dropped) fail(code, "could not remove the table of this run: " + dropped.error().message);
    return code;
  }

  /// On tables of the user's own: a copy of them, or they themselves.
  int run_on_tables() {
    on_tables_ = true;
    const auto give_up = [this] { return stop_.requested(); };
    std::ostringstream nobody;
    auto database = open_tables(settings_.database,
                                {.flags = flags_.copy,
                                 .use_table = flags_.use_table,
                                 .writes = plan_.plan->scenario->writes(),
                                 .seed = plan_.plan->seed},
                                flags_.quiet ? nobody : out_, give_up);
    if (stop_.requested()) return ended_early();
    if (!database) return database_fault(database.error(), loaded_, Without::cannot_run);
    if (const auto done = tell_of(database->database()); !done)
      return fail(exit_code_of(done.error()), done.error().message);
    database_ = database->description();
    const int code = run_on(harness::database_pool(database->database()));
    const auto removed = database->remove();
    if (!removed)
      fail(code, "could not remove the copy: " + removed.error().message + "; troupe copies --remove does");
    return code;
  }

  /// The server's version, for the result.
  Result<void> tell_of(const postgres::Database& database) {
    const auto facts = postgres::read_server_facts(database.conninfo(), settings_.database.connect_timeout);
    if (!facts) return facts.error();
    postgresql_version_ = facts->version;
    database_ = database.description();
    return {};
  }

  int run_on(const harness::PoolSource& pool) {
    const auto transport = harness::transport_kind(plan_.http, *plan_.plan->scenario);
    const auto give_up = [this] { return stop_.requested(); };
    auto own = harness::OwnServer::start(settings_, transport, pool, give_up);
    if (stop_.requested()) return ended_early();
    if (!own) {
      const auto& error = own.error();
      return fail(error.code == ErrorCode::unavailable ? exit_database_away : exit_failure, error.message);
    }
    auto material = harness::make_material(pool, *plan_.plan->scenario, plan_.plan->seed,
                                           settings_.database.connect_timeout);
    if (!material) return fail(exit_code_of(material.error()), material.error().message);
    const bool kept = !settings_.database.url.empty() || !settings_.database.data_dir.empty();
    if (const auto writing = (*material)->query_that_writes();
        kept && !on_tables_ && !flags_.use_table && !writing.empty())
      return usage_fault(
          fmt::format("query {} writes: on a database that is kept that needs --use-table", writing));
    return run_load({loop_, (*own)->users_runtime(), &(*own)->runtime(), (*own)->transport(),
                     *std::move(material), &(*own)->waterfall(), view_},
                    {});
  }

  /// Settles which tables there are. True: one of items is made for this run alone.
  bool choose_tables() {
    if (flags_.settings.values.contains("database.resources")) return false;
    auto& database = settings_.database;
    const bool kept =
        !database.url.empty() || !database.data_dir.empty();  // others may rely on what is in it
    // Statements of its own need no table of ours. What a settings file says is for serve.
    const bool only_calls = std::ranges::all_of(plan_.plan->scenario->tasks, &sim::Task::calls);
    database.resources = kept && only_calls ? "auto" : "";
    return kept && !only_calls && !flags_.use_table;
  }

  static int ended_early() { return fail(exit_interrupted, "ended before anything was measured"); }

  int run_load(sim::RunParts parts, const std::string& target) {
    if (flags_.check) {
      return check_scenario({.parts = parts,
                             .plan = *plan_.plan,
                             .shown_targets = shown_targets_,
                             .has_every_item = plan_.stand_in.has_value(),
                             .out = out_,
                             .under_way = [this](sim::Run* run) { run_ = run; },
                             .give_up = [this] { return stop_.requested(); }});
    }
    std::optional<sim::RunRecordWriter> record;
    if (flags_.record) {
      auto made = begin_record(target);
      if (!made) return usage_fault(made.error().message);
      record.emplace(*std::move(made));
      parts.on_interval = [this, &record](const sim::Interval& interval) {
        if (record && !told(record->add(interval))) record.reset();
      };
    }
    if (const auto opened = live_.open(loop_, plan_, flags_, flags_.quiet ? nullptr : &out_); !opened)
      return usage_fault(opened.error().message);
    live_.take_part(parts);
    sim::Run run(std::move(parts), plan_.plan, plan_.pass_or_fail);
    run_ = &run;
    const int code = load(run, record, target);
    const auto torn_down = run.tear_down();
    run_ = nullptr;
    if (!torn_down) fail(code, torn_down.error().message);  // the run was what it was
    return code;
  }

  int load(sim::Run& run, std::optional<sim::RunRecordWriter>& record, const std::string& target) {
    auto ready = run.set_up();
    if (plan_.stand_in) {
      run.use_existing_items();  // a stand-in has every item
    } else if (ready && !stop_.requested()) {
      ready = run.make_existing_items();
    }
    if (!ready) return fail(exit_code_of(ready.error()), ready.error().message);
    if (stop_.requested()) return ended_early();
    auto result = run.execute();
    if (record) told(record->finish());  // a second that is not whole, behind those that are
    describe(result.run, target);
    return conclude(result);
  }

  Result<sim::RunRecordWriter> begin_record(const std::string& target) const {
    const auto& plan = *plan_.plan;
    sim::RunRecordHead head{sim::info_of_beginning(plan),
                            sim::task_names(*plan.scenario),
                            plan.warm_up,
                            plan.ramp,
                            plan.timeout,
                            {}};
    if (plan.model != sim::LoadModel::cycle) head.length = plan.profile.length();
    describe(head.run, target);
    return sim::RunRecordWriter::create(*flags_.record, head);
  }

  /// A full disk ends the record and not the run, whose exit code tells of it.
  bool told(const Result<void>& written) {
    if (written) return true;
    record_ended_early_ = true;
    fail(exit_usage, "the record ends here: " + written.error().message);
    return false;
  }

  void describe(sim::RunInfo& info, const std::string& target) const {
    info.command = command_;
    info.settings = sim::settings_in_force(settings_);
    info.scenario = plan_.plan->scenario->name;
    info.transport = plan_.http ? "http" : "direct";
    info.target = target;
    info.database = database_;
    info.seed = plan_.plan->seed;
    info.versions = sim::library_versions();
    if (!postgresql_version_.empty()) info.versions["postgresql"] = postgresql_version_;
    info.host = sim::this_host();
  }

  int conclude(const sim::RunResult& result) {
    if (!flags_.quiet) {
      out_ << sim::text_summary(result) << std::flush;
    } else if (result.verdict.saturated == true) {  // never left unsaid: not every output can hold it
      std::cerr << "troupe: the load generator was the bottleneck: these numbers measure it, not the server: "
                << result.verdict.reasons.front() << '\n';
    }
    const auto failures = sim::write_outputs(result, flags_.outputs);
    for (const auto& failure : failures) fail(exit_usage, failure);
    if (result.run.interrupted) return exit_interrupted;
    if (!failures.empty() || record_ended_early_ || live_.log_ended_early()) return exit_usage;
    const auto& total = result.total;
    if (const auto why = sim::why_nothing_measured(result, *plan_.plan)) return fail(exit_not_measured, *why);
    if (total.good_answers() == 0 && (total.all_requests() > 0 || !result.failures.empty()))
      return fail(exit_database_away, fmt::format("not one of {} requests was good", total.all_requests()));
    const auto not_measured = [](const auto& threshold) { return !threshold.measured; };
    if (std::ranges::any_of(result.thresholds, not_measured)) return exit_not_measured;
    if (std::ranges::any_of(result.thresholds, &sim::ThresholdOutcome::failed)) return exit_threshold;
    return flags_.strict && result.verdict.saturated == true ? exit_saturated : exit_ok;
  }

  const SimulateFlags& flags_;
  const LoadedSettings& loaded_;
  SimulatePlan plan_;
  Settings settings_;
  std::string command_;
  std::string postgresql_version_;  ///< empty: there is none of our own
  bool record_ended_early_ = false;
  bool on_tables_ = false;  ///< of the user's own: in a copy, or as the flags say
  std::string database_;    ///< of the own server, for people
  boost::asio::io_context loop_;
  // From the beginning, also while PostgreSQL starts; the loop's thread takes it up.
  StopSignal stop_{[this] {
    boost::asio::post(loop_, [this] {
      if (run_ != nullptr) run_->interrupt();
    });
  }};
  std::ostream& out_;
  sim::LiveView view_;
  LiveOutputs live_;
  sim::Run* run_ = nullptr;
  std::vector<sim::HttpTarget> shown_targets_{{.url = {}, .authority = "127.0.0.1", .prefix = {}}};
};

}  // namespace

int simulate(const std::vector<std::string>& arguments) {
  CLI::App app("Lets virtual users work on a server and measures it.", "troupe simulate");
  SimulateFlags flags;
  flags.add_to(app);
  add_output_flags(app, flags.outputs);
  // -H/--host is the target, as people know it from Locust.
  flags.settings.add_to(app, {{"server.host", "--server-host"}});
  app.footer(simulate_examples);
  const LongHelp long_help{
      {"--help",     "--help-all",     "--config",  "--scenario",     "--users",    "--spawn-rate",
       "--duration", "--arrival-rate", "--warm-up", "--transport",    "--target",   "--stand-in-database",
       "--fail-if",  "--check",        "--record",  "--quiet",        "--json",     "--csv",
       "--html",     "--pool-size",    "--workers", "--database-url", "--resources"},
      simulate_rest};
  if (const auto done = parse(app, arguments, long_help)) return *done;
  return with_settings(flags.settings, [&](const LoadedSettings& loaded) {
    auto plan = make_simulate_plan(flags);
    if (!plan) return usage_fault(plan.error().message);
    std::vector<std::string> words{"simulate"};
    for (auto& argument : shown_arguments(arguments)) words.push_back(std::move(argument));
    return Simulation(flags, loaded, std::move(*plan), sim::command_text(words)).run();
  });
}

}  // namespace troupe::cli
