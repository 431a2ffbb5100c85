#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::sim {

/// The largest body of a task that is written, in bytes.
constexpr std::size_t longest_body = 64 * 1024;

/// A name of a scenario's request and its values: more than one only in a query, a form and a parameter's
/// list.
struct DraftPair {
  std::string name;
  std::vector<std::string> values;
};

/// What `auth` says; all empty: `auth = {}`.
struct DraftAuth {
  std::string bearer, user, password;
  bool operator==(const DraftAuth&) const = default;
};

/// A task that will be written. Its texts are a scenario's: `{name}` in them is filled in, but for the values
/// of `parameters`, which stand for themselves.
struct DraftTask {
  std::string name;
  std::vector<std::string> notes;  ///< comments above it
  std::string method, path;
  unsigned weight = 1;  ///< 1: not written
  std::vector<DraftPair> query, headers, form;
  std::string body;
  std::vector<DraftPair> parameters;
  std::vector<DraftPair> extract;  ///< variable, and where in the answer it is
  std::vector<int> status;         ///< empty: any 2xx
  std::optional<DraftAuth> auth;   ///< absent: as for all
  bool off = false;                ///< written as a comment
};

/// A placeholder that nobody but the file's owner can fill in.
struct FillIn {
  std::string name;
  std::string what;
};

/// A scenario that will be written.
struct ScenarioDraft {
  std::string description;
  std::vector<std::string> notes;  ///< at the top
  std::vector<FillIn> fill_ins;
  std::optional<DraftAuth> auth;
  std::vector<DraftPair> headers;
  std::string think_time;        ///< as TOML; empty: none
  std::vector<DraftTask> start;  ///< of each user, in order
  std::vector<DraftTask> tasks;
};

/// Adds a value to the pair of that name, which is made if there is none.
void add_value(std::vector<DraftPair>& pairs, std::string_view name, std::string value);
/// Adds a field of a head, unless there is one of that name, a scenario may not set it, or its name is none.
void add_field(std::vector<DraftPair>& fields, std::string_view name, std::string value);

/// The scenario file, whose parts are commented. It loads as soon as every fill-in is filled in, if one of
/// its tasks is not off.
std::string write_draft(const ScenarioDraft& draft);

}  // namespace troupe::sim
