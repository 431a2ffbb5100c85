#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "sim/import/draft.hpp"

namespace troupe::sim {

/// The names in braces of one draft: each has one meaning in the whole file.
class DraftNames {
 public:
  explicit DraftNames(ScenarioDraft& draft) : draft_(draft) {}  ///< which outlives it

  /// A name like the one wished for that nothing has yet: letters, digits and _.
  std::string take(std::string_view wish);
  /// `{name}` for a value that people must fill in; the same for the same wish. `what` is told at the top.
  std::string fill_in(std::string_view wish, std::string_view what);
  /// A text of others as a scenario's: what would be read as a placeholder becomes a parameter of the task.
  std::string literal(std::string_view text, DraftTask& task);
  /// One of several texts, drawn anew for each request. Parameters of two tasks may have one name.
  std::string one_of(std::string_view wish, std::vector<std::string> values, DraftTask& task);

 private:
  ScenarioDraft& draft_;
  std::set<std::string, std::less<>> taken_;
  std::set<std::string, std::less<>> parameters_;                ///< of them, those of parameters
  std::map<std::string, std::size_t, std::less<>> last_number_;  ///< of names that were wished for again
  std::map<std::string, std::string, std::less<>> fill_ins_;     ///< wish -> name
};

/// What a fill-in for `auth = { bearer = … }` at the top of a file is.
constexpr std::string_view bearer_hint = "for Authorization: Bearer; or give simulate --bearer-env VARIABLE";

/// A name of others as comments tell it: not too long, on one line.
std::string cut_name(std::string_view name);

/// "order_id" for the rows of /orders.
std::string id_name(std::string_view collection);

/// A brace in it might begin a placeholder.
bool has_placeholder(std::string_view text);

/// A JSON text in which no brace begins a placeholder: those in strings become \u007b.
std::string json_literal(std::string_view json);

}  // namespace troupe::sim
