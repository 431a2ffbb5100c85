#include "sim/result/results_io.hpp"

#include <spdlog/fmt/fmt.h>

#include "report/struct_json.hpp"
#include "sim/result/results_fields.hpp"

namespace troupe::sim {
namespace {

constexpr report::Schema result_format{schema_name, schema_version};

Error not_a_result(const Error& why) {
  return {why.code, fmt::format("not a result file of troupe: {}", why.message)};
}

namespace json = boost::json;

// What version 2 wants of a task, made of a version 1: its three distributions were of good and failed
// requests together.
void upgrade_task(json::value* task) {
  auto* object = task != nullptr ? task->if_object() : nullptr;
  if (object == nullptr) return;
  json::object good;
  for (const auto* name : {"response", "service", "lag"}) {
    if (auto* times = object->if_contains(name)) good.emplace(name, std::move(*times));
    object->erase(name);
  }
  (*object)["good"] = std::move(good);
  const TimesStats nothing;
  (*object)["bad"] = report::tree_of(nothing);
  for (const auto* name : {"drained", "unfinished", "oldest_unfinished_us", "wanted_share"})
    (*object)[name] = 0;
  const auto* rate = object->if_contains("rate_per_s");
  const auto* failures = object->if_contains("failures_per_s");
  if (rate && failures && rate->is_number() && failures->is_number()) {
    (*object)["good_per_s"] = rate->to_number<double>() - failures->to_number<double>();
  }
}

/// A file of version 1 as one of version 2, with a note of what its figures mean.
void upgrade(json::object& file) {
  upgrade_task(file.if_contains("total"));
  if (auto* run = file.if_contains("run"); run && run->is_object()) run->get_object()["database"] = "";
  if (auto* tasks = file.if_contains("tasks"); tasks && tasks->is_array()) {
    for (auto& task : tasks->get_array()) upgrade_task(&task);
  }
  if (auto* series = file.if_contains("series"); series && series->is_array()) {
    for (auto& point : series->get_array()) {
      if (point.is_object()) point.get_object()["seconds"] = 1;
    }
  }
  if (auto* verdict = file.if_contains("verdict"); verdict && verdict->is_object()) {
    auto& object = verdict->get_object();
    object["littles_law"] = nullptr;  // it was an identity
    object["open_load"] = nullptr;
    object["server_cpu"] = json::array{};
    if (auto* notes = object.if_contains("notes"); notes && notes->is_array()) {
      notes->get_array().push_back(
          "read from a file of version 1: its latencies are of good and failed requests together, and its "
          "rates "
          "count answers that came after the load had ended");
    }
  }
  if (auto* thresholds = file.if_contains("thresholds"); thresholds && thresholds->is_array()) {
    for (auto& threshold : thresholds->get_array()) {
      if (threshold.is_object()) threshold.get_object()["measured"] = true;
    }
  }
  file["version"] = schema_version;
}

Result<RunResult> result_of(Result<json::value> tree) {
  if (!tree) return not_a_result(tree.error());
  constexpr report::Schema first{schema_name, 1};
  if (report::check_schema(*tree, first)) upgrade(tree->get_object());
  if (const auto known = report::check_schema(*tree, result_format); !known)
    return not_a_result(known.error());
  auto result = report::value_of<RunResult>(*tree);
  if (!result) return Error{result.error().code, "not a valid result: " + result.error().message};
  return result;
}

}  // namespace

std::string write_json(const RunResult& result) {
  return report::json_text(report::tree_of(result_format, result));
}

std::string write_msgpack(const RunResult& result) {
  return report::msgpack_bytes(report::tree_of(result_format, result));
}

Result<RunResult> read_json(std::string_view text) {
  return result_of(report::tree_from_json(text));
}

Result<RunResult> read_msgpack(std::string_view bytes) {
  return result_of(report::tree_from_msgpack(bytes));
}

Result<RunResult> read_result(std::string_view bytes) {
  const auto first = bytes.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && bytes[first] == '{' ? read_json(bytes) : read_msgpack(bytes);
}

}  // namespace troupe::sim
