#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/data_rows.hpp"
#include "sim/scenario/item_values.hpp"
#include "sim/scenario/text_template.hpp"
#include "support/distributions.hpp"

namespace troupe::sim {

/// What a task does. All but `request` also work over the direct transport, as messages.
enum class Operation : std::uint8_t { list, create, get, update, remove, request };
std::string_view to_string(Operation operation);  ///< as scenario files spell it: `remove` is "delete"

/// What makes an answer a good one.
struct Checks {
  std::vector<int> status;    ///< empty: any 2xx
  std::string body_contains;  ///< empty: not looked at

  bool status_ok(int code) const;
};

/// One thing a user does, with its share of all it does.
struct Task {
  std::string name;  ///< unique within the scenario; in reports and thresholds
  Operation operation = Operation::list;
  unsigned weight = 1;
  std::string method;  ///< of HTTP
  TextTemplate path;
  TextTemplate body;  ///< of `request` only: create and update send Scenario::new_item
  Checks checks;

  /// A user who has no eligible item creates one instead (and it counts as a create).
  bool needs_key() const { return path.uses_id() || body.uses_id(); }
  /// The item is gone after it.
  bool removes() const { return operation == Operation::remove || method == "DELETE"; }
};

/// A script in place of weighted tasks: each phase is run for all items before the next begins, and timed.
struct CrudCycle {
  std::vector<Operation> phases;  ///< of create, get, update, remove; create first
  std::size_t items = 500;
  std::size_t concurrency = 20;  ///< requests under way at once
};

/// What virtual users do. Never changes after it was loaded; shared by all users and workers.
struct Scenario {
  std::string name;
  std::string description;
  std::string text;         ///< of its file and, behind it, of its data: what it is, whatever it is called
  std::vector<Task> tasks;  ///< with a cycle: one per phase, in its order, without weights
  ThinkTime think_time;
  KeyChoice keys;
  std::size_t existing_items = 0;  ///< made before the run and not measured
  /// The same, for each user; absent: a few, if a task needs items and users make some.
  std::optional<std::size_t> items_per_user;
  std::optional<CrudCycle> cycle;  ///< absent: users pick tasks by weight
  std::optional<DataRows> data;
  Task create;                                 ///< how `existing_items` are made
  std::string collection_path;                 ///< of the items API: "/items/"
  std::vector<std::uint16_t> tasks_by_weight;  ///< positions in `tasks`, each as often as its weight

  bool creates_items() const;
  bool needs_items() const;
  /// The position of a task, by weight, in O(1).
  std::size_t pick_task(Rng& rng) const { return tasks_by_weight[rng.below(tasks_by_weight.size())]; }
  /// A row of the data, each as likely as the others; null without data.
  const std::vector<std::string>* pick_row(Rng& rng) const;
  /// What create and update send: from a row of the data (columns name, description, price, in_stock), or
  /// made up.
  ItemValues new_item(Rng& rng) const;
  /// Why this scenario cannot run over the direct transport (requests of its own, body checks); empty when it
  /// can.
  std::string why_http() const;
};

/// Whether the data can be items: the fault of the first column or row that cannot, or an empty text.
std::string fault_as_items(const DataRows& data);

}  // namespace troupe::sim
