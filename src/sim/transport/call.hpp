#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/material/material.hpp"
#include "sim/rows/row_key.hpp"
#include "sim/rows/row_values.hpp"

namespace troupe::sim {

/// Hears what a link does for one call, as it does it. Called on the user's worker.
class CallListener {
 public:
  /// A request, as it was sent; several where redirects are followed.
  virtual void on_sent(std::string_view request) = 0;
  /// The last one's answer leads elsewhere, where the next one goes.
  virtual void on_redirect(int status, std::string_view location) = 0;

 protected:
  ~CallListener() = default;
};

/// One request, made up and ready to go. What it points to lives until it is on its way.
struct Call {
  const Task* task = nullptr;
  const TaskMaterial* material = nullptr;         ///< the task's
  const TableMaterial* table = nullptr;           ///< null: it is about no rows
  RowKey key{};                                   ///< of the row it is about
  const std::vector<std::string>* row = nullptr;  ///< of the scenario's data, for the task's templates
  std::span<const std::string> parameters{};      ///< the task's, in its order
  std::span<const std::string> variables{};       ///< the user's, as Scenario::variables
  const Sender* sender = nullptr;                 ///< null: the task makes no names
  bool wants_fields = false;                      ///< of the answer's head: see HttpResponse
  bool wants_body = false;                        ///< of the answer
  /// Of the variables, as positions: those whose values are shown to nobody.
  std::span<const std::uint16_t> secret_variables{};
  CallListener* listener = nullptr;   ///< null: nobody; only told of what goes over HTTP
  const RowValues* values = nullptr;  ///< what create and update send; null: the task's own body
};

/// Appends the path of the call's HTTP request.
void render_path(const Call& call, std::string& out);
/// Appends the fields of its head that are the task's own, each behind a line end.
void render_fields(const Call& call, std::string& out);
/// Appends its body; nothing where it has none.
void render_body(const Call& call, std::string& out);

}  // namespace troupe::sim
