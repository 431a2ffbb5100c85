#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "sim/client/origin.hpp"
#include "sim/client/response_reader.hpp"
#include "support/result.hpp"

namespace troupe::sim {

/// What a server answers that is asked before a run.
struct ProbeAnswer {
  std::size_t address = 0;  ///< which of the origin's answered
  int status = 0;
  std::string body{};
  bool body_is_cut = false;  ///< there was more of it
};

/// Sends a GET (its bytes), or only opens a connection if there are none, with the same client as users have.
/// Of the answer's body `most_body` bytes are kept.
/// Blocks, for `timeout` at most; `give_up` is asked meanwhile, and true ends it. Error: unavailable, with
/// why as the end of a sentence.
Result<ProbeAnswer> probe(const Origin& origin, std::string_view request, std::chrono::milliseconds timeout,
                          const std::function<bool()>& give_up = {},
                          std::size_t most_body = ResponseReader::most_kept_body);

}  // namespace troupe::sim
