#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace troupe::http {

/// Which trace a request belongs to (W3C Trace Context). The views are into the field that was parsed.
struct TraceParent {
  std::string_view trace_id;   ///< 32 hexadecimal digits
  std::string_view parent_id;  ///< 16: who asked
  std::string_view flags;      ///< two: "01" is recorded
};

/// A traceparent field (section 3.2.2), strictly: a later version is read as far as version 00 goes. Nothing:
/// it is none, and must be ignored.
std::optional<TraceParent> parse_trace_parent(std::string_view field);

/// The field for who is asked next, by span `span_id`.
std::string trace_parent_of(const TraceParent& parent, std::string_view span_id);

}  // namespace troupe::http
