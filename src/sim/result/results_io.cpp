#include "sim/result/results_io.hpp"

#include <spdlog/fmt/fmt.h>

#include "report/struct_json.hpp"
#include "sim/result/results_fields.hpp"

namespace troupe::sim {
namespace {

constexpr report::Schema schema{schema_name, schema_version};

Error not_a_result(const Error& why) {
  return {why.code, fmt::format("not a result file of troupe: {}", why.message)};
}

Result<RunResult> result_of(const Result<boost::json::value>& tree) {
  if (!tree) return not_a_result(tree.error());
  if (const auto known = report::check_schema(*tree, schema); !known) return not_a_result(known.error());
  auto result = report::value_of<RunResult>(*tree);
  if (!result) return Error{result.error().code, "not a valid result: " + result.error().message};
  return result;
}

}  // namespace

std::string write_json(const RunResult& result) {
  return report::json_text(report::tree_of(schema, result));
}

std::string write_msgpack(const RunResult& result) {
  return report::msgpack_bytes(report::tree_of(schema, result));
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
