#pragma once

#include <string>
#include <string_view>

#include "sim/import/draft_names.hpp"
#include "sim/import/har_groups.hpp"

namespace troupe::sim {

/// How a recorded request said who asks.
enum class HarAuth { none, bearer, basic };
HarAuth auth_of(const HarRequest& request);
/// The credentials behind "Bearer"; empty: it had none.
std::string_view bearer_of(const HarRequest& request);

/// Makes tasks of groups of requests. Secrets become fill-ins.
class HarTasks {
 public:
  /// Both outlive it.
  HarTasks(DraftNames& names, const SecretValues& secrets) : names_(names), secrets_(secrets) {}

  /// `all_bear`: the draft's own `auth` is a bearer's.
  DraftTask make(const HarGroup& group, bool all_bear);

 private:
  std::string path_of(const HarGroup& group, DraftTask& task);
  void add_query(const HarGroup& group, DraftTask& task);
  void add_headers(const HarRequest& request, bool all_bear, DraftTask& task);
  void add_body(const HarGroup& group, DraftTask& task);
  void add_status(const HarGroup& group, DraftTask& task);
  void append_json(const boost::json::value& value, std::string_view name, const DraftTask& task,
                   std::string& out);
  std::string fill_in(std::string_view name, const DraftTask& task);
  std::string one_value(std::string_view name, std::string_view value, DraftTask& task);

  DraftNames& names_;
  const SecretValues& secrets_;
};

}  // namespace troupe::sim
