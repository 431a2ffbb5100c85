#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/data_rows.hpp"
#include "sim/scenario/named_target.hpp"
#include "sim/scenario/task.hpp"
#include "sim/scenario/user_class.hpp"
#include "support/distributions.hpp"

namespace troupe::sim {

/// Tasks of a scenario, all together, at most.
constexpr std::size_t most_tasks = 100;

/// A script in place of weighted tasks: each phase is run for all items before the next begins, and timed.
struct CrudCycle {
  std::vector<Operation> phases;  ///< of create, get, update, remove; create first
  std::size_t items = 500;
  std::size_t concurrency = 20;  ///< requests under way at once
};

/// What virtual users do. Never changes after it was loaded; shared by all users and workers.
struct Scenario {
  std::string name;
  std::string file;  ///< for messages
  std::string description;
  std::string text;         ///< of its file and, behind it, of its data: what it is, whatever it is called
  std::vector<Task> tasks;  ///< with a cycle: one per phase, in its order, without weights
  ThinkTime think_time;
  KeyChoice keys;
  std::size_t existing_items = 0;  ///< made before the run and not measured
  /// The same, for each user; absent: a few, if a task needs items and users make some.
  std::optional<std::size_t> items_per_user;
  std::size_t sample = 10'000;           ///< rows of a table that are looked at before a run, at most
  std::optional<CrudCycle> cycle;        ///< absent: users pick tasks by weight
  std::shared_ptr<const DataRows> data;  ///< null: there are none at the top
  std::optional<DataMode> data_mode;     ///< of them, where the file says it
  /// Kinds of users, where they have more than tasks without a memory; else empty, and users pick tasks.
  std::vector<UserClass> classes;
  std::vector<UserPlace> places;                  ///< of users among the classes
  std::vector<std::string> variables;             ///< that answers give, of all classes and steps
  std::vector<std::uint16_t> secret_variables;    ///< positions of those with a secret name
  std::optional<std::uint64_t> total_iterations;  ///< of all users; absent: until the load ends
  std::vector<NamedTarget> targets;               ///< that its tasks may name
  /// What one user does before the load, whose values all users get, and what one does behind it: scenarios
  /// of their own with the same variables. Null: nothing.
  std::shared_ptr<const Scenario> setup, teardown;
  Task create;                  ///< how `existing_items` are made
  std::string collection_path;  ///< of the items API: "/items/"
  /// Positions in `tasks`, each as often as its weight; with classes: as they are likely, about.
  std::vector<std::uint16_t> tasks_by_weight;

  /// Gives it the names of its variables.
  void set_variables(std::vector<std::string> names);
  bool creates(std::string_view resource) const;
  bool needs_keys_of(std::string_view resource) const;
  bool removes(std::string_view resource) const;
  /// The resources that tasks are about, each once, in the order of the tasks.
  std::vector<std::string> resources() const;
  /// The position of a task, by weight, in O(1).
  std::size_t pick_task(Rng& rng) const { return tasks_by_weight[rng.below(tasks_by_weight.size())]; }
  /// The pause of a user, on average over the classes.
  Duration mean_think() const;
  /// Something ends users before the load does.
  bool limits_iterations() const;
  /// A row of the data, each as likely as the others; null without data.
  const std::vector<std::string>* pick_row(Rng& rng) const;
  /// Does any task change what is in the database, or may it? Queries of the resource file left out
  /// (Material::query_that_writes).
  bool writes() const;
  bool writes_by_sql() const;
  /// Some of it goes as HTTP over every transport: a task (Task::needs_http), its setup or its teardown.
  bool needs_http() const;
  /// Why it needs another server beside the one that a run aims at; empty when it does not.
  std::string why_targets() const;
  /// Gives the target of that name another URL. False: there is none.
  bool move_target(const NamedTarget& moved);
  /// Why it needs resources beside the items API; empty when it does not.
  std::string why_resources() const;
  /// Why it needs a PostgreSQL that we know (resources, values of a column, statements); empty when any
  /// server will do.
  std::string why_database() const;
};

}  // namespace troupe::sim
