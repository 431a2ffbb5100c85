#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/answer_use.hpp"
#include "sim/scenario/parameter.hpp"
#include "sim/scenario/request_head.hpp"
#include "sim/scenario/text_template.hpp"

namespace troupe::schema {
struct QueryEntry;
}

namespace troupe::sim {

/// What a task does. Over the direct transport all but `request` are messages (Task::needs_http); `sql`
/// always is one.
enum class Operation : std::uint8_t { list, create, get, update, remove, request, query, sql };
std::string_view to_string(Operation operation);  ///< as scenario files spell it: `remove` is "delete"

/// The resource of a task that names none: the items API.
constexpr std::string_view items_resource = "items";

/// One thing a user does, with its share of all it does.
struct Task {
  std::string name;  ///< unique within the scenario; in reports and thresholds
  Operation operation = Operation::list;
  unsigned weight = 1;
  std::string resource{items_resource};  ///< whose rows it is about
  std::string method;                    ///< of HTTP
  TextTemplate path;                     ///< of `request` and of items; others have their resource's
  TextTemplate body;  ///< of `request`; of create and update: instead of values that are made up
  std::vector<Parameter> parameters;
  std::string query;                                           ///< of `query`: its name in the resource file
  std::shared_ptr<const std::vector<schema::QueryEntry>> sql;  ///< of `sql`: its statements; else null
  RequestHead head;
  Checks checks;
  std::vector<Extraction> extractions;
  std::uint16_t target = 0;  ///< 0: the run's own; from 1: of Scenario::targets
  std::uint8_t follow = 0;   ///< redirects that are followed, at most; else they are the answer
  /// The rows that its texts' columns are of; null: it has none.
  std::shared_ptr<const DataRows> data = {};
  std::vector<std::uint16_t> needs;  ///< variables without which it cannot be sent, each once
  bool makes_names = false;          ///< its texts need a Sender
  bool wants_fields = false;         ///< of its answer's head, for checks and extractions
  bool wants_body = false;           ///< of its answer, the same (body_contains is the link's)

  /// Works out the last four, once all else is there.
  void settle();

  /// It calls a statement, of the resource file or of its own.
  bool calls() const { return operation == Operation::query || operation == Operation::sql; }
  /// It cannot go as a message: it is a request of its own, or says or looks at what only HTTP has.
  bool needs_http() const;
  bool on_items() const { return resource == items_resource; }
  /// A user who has no eligible row creates one instead (and it counts as a create).
  bool needs_key() const;
  /// The row is gone after it.
  bool removes() const { return operation == Operation::remove || method == "DELETE"; }
  /// It may change what is in the database; of a query only the resource file knows.
  bool writes() const;
};

}  // namespace troupe::sim
