#pragma once

#include <span>
#include <string_view>

namespace troupe::sim {

struct HttpField {
  std::string_view name, value;
};

/// What a link keeps of an answer for whoever checks it or takes values out of it: as much as the call asked
/// for. Lives until the link is used again.
struct HttpResponse {
  int status = 0;
  std::span<const HttpField> fields{};  ///< of the head, in order; Call::wants_fields
  std::string_view body{};              ///< decoded; Call::wants_body
  bool body_is_cut = false;             ///< it was longer than what a link keeps
};

}  // namespace troupe::sim
