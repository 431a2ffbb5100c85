#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/import/har_document.hpp"
#include "sim/import/secret_values.hpp"

namespace troupe::sim {

/// A part of a path between two slashes.
struct HarSegment {
  enum class Kind { literal, id, secret };
  std::string text;  ///< percent-encoded
  Kind kind = Kind::literal;
};

/// Requests that are one but for ids in their paths, values in their queries, and bodies.
struct HarGroup {
  std::vector<HarSegment> segments;         ///< of the first of them
  std::vector<const HarRequest*> requests;  ///< at least one
  std::size_t first = 0;                    ///< its place among all requests, from 1
};

/// Groups in the order of their first requests.
std::vector<HarGroup> group_requests(const std::vector<const HarRequest*>& requests,
                                     const SecretValues& secrets);

/// The path's parts. Numbers, uuids and the 24 digits of MongoDB are ids; what is a secret, or random enough
/// to be one, is a secret.
std::vector<HarSegment> har_segments(std::string_view path, const SecretValues& secrets);

/// Long, without words: more likely a token than a name.
bool looks_random(std::string_view text);

}  // namespace troupe::sim
