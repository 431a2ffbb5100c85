#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/field_fault.hpp"

namespace troupe::http {

constexpr std::string_view problem_content_type = "application/problem+json";

/// An error as the client sees it: RFC 9457 problem details. What it says is for strangers: never SQL, never
/// a stack.
struct Problem {
  int status = 500;
  /// "about:blank": the status says it all; else one of urn:troupe:problem:…
  std::string type = "about:blank";
  std::string title{};                                ///< fixed per type
  std::string detail{};                               ///< one sentence on this occurrence; valid UTF-8
  std::vector<FieldFault> faults{};                   ///< of the single fields; the member `errors`
  std::optional<std::string> outcome{};               ///< "unknown": a write may have happened
  std::optional<std::chrono::seconds> retry_after{};  ///< for the Retry-After field; not in the body
};

/// The body of the answer, in `problem_content_type`.
std::string to_json(const Problem& problem);

/// A problem with a type of its own, which programs can tell from others of the same status: `slug` ends it.
Problem typed_problem(int status, std::string_view slug, std::string title, std::string detail);

/// A plain problem of any status.
Problem plain_problem(int status, std::string detail);

Problem malformed(std::string detail, std::vector<FieldFault> faults = {});  ///< 400
Problem not_found(std::string detail);                                       ///< 404
Problem method_not_allowed(std::string_view allow);  ///< 405; `allow` as in the Allow field
Problem not_acceptable();                            ///< 406
Problem request_timeout(std::string detail);         ///< 408
Problem too_large(std::size_t limit_bytes);          ///< 413
Problem uri_too_long(std::size_t limit_bytes);       ///< 414
Problem unsupported_media_type();                    ///< 415
Problem misdirected();                               ///< 421
/// 429; `limit` names the setting.
Problem too_many_requests(std::string_view limit, std::chrono::seconds retry_after);
Problem memory_used_up();  ///< 503
Problem internal_error();  ///< 500

/// "Not Found" for 404: the phrase of the status line, and the title of plain problems.
std::string_view reason_phrase(int status);

}  // namespace troupe::http
