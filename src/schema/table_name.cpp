#include "schema/table_name.hpp"

#include <cstddef>

namespace troupe::schema {
namespace {

constexpr std::size_t max_identifier = 63;  // bytes; NAMEDATALEN - 1: PostgreSQL silently cuts longer ones

}  // namespace

std::string quote_identifier(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

Result<std::string> quote_table_name(const std::string& table) {
  std::string quoted;
  std::string_view rest = table;
  for (int part = 0;; ++part) {
    const auto dot = rest.find('.');
    const std::string_view name = rest.substr(0, dot);
    if (part > 1 || name.empty() || name.size() > max_identifier || name.find('\0') != std::string_view::npos)
      return Error{
          ErrorCode::invalid_argument,
          "\"" + table + "\" is no table's name, allowed is name or schema.name, each of 1 to 63 bytes"};
    quoted += quote_identifier(name);
    if (dot == std::string_view::npos) return quoted;
    quoted += '.';
    rest.remove_prefix(dot + 1);
  }
}

std::string plain_table_name(std::string_view quoted) {
  std::string plain;
  bool inside = false;
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    if (quoted[i] != '"') {
      plain += quoted[i];
    } else if (inside && i + 1 < quoted.size() && quoted[i + 1] == '"') {
      plain += quoted[++i];
    } else {
      inside = !inside;
    }
  }
  return plain;
}

}  // namespace troupe::schema
