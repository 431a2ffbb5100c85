#include "http/access_log/trace_context.hpp"

#include <algorithm>
#include <cstddef>

namespace troupe::http {

namespace {

/// Only small letters are allowed.
bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return ('0' <= c && c <= '9') || ('a' <= c && c <= 'f'); });
}

bool is_id(std::string_view text) {
  return is_hex(text) && text.find_first_not_of('0') != text.npos;
}

}  // namespace

std::optional<TraceParent> parse_trace_parent(std::string_view field) {
  constexpr std::size_t size = 55;  // 00-<32>-<16>-<2>
  if (field.size() < size || field[2] != '-' || field[35] != '-' || field[52] != '-') return std::nullopt;
  const auto version = field.substr(0, 2);
  if (!is_hex(version) || version == "ff") return std::nullopt;
  if (field.size() > size && (version == "00" || field[size] != '-')) return std::nullopt;
  const TraceParent parent{field.substr(3, 32), field.substr(36, 16), field.substr(53, 2)};
  if (!is_id(parent.trace_id) || !is_id(parent.parent_id) || !is_hex(parent.flags)) return std::nullopt;
  return parent;
}

std::string trace_parent_of(const TraceParent& parent, std::string_view span_id) {
  std::string field = "00-";
  field.append(parent.trace_id).append("-").append(span_id).append("-").append(parent.flags);
  return field;
}

}  // namespace troupe::http
