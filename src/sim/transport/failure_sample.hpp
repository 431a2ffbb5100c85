#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "sim/result/results.hpp"

namespace troupe::sim {

/// Of a head, and of a body, that a sample shows, in bytes.
constexpr std::size_t most_sampled = 2048;

/// What a link still holds of its last request and of the answer to it.
struct LastExchange {
  std::string_view request;   ///< as it was sent
  int status = 0;             ///< of the answer; 0: there was none
  std::string_view fields{};  ///< of its head, line by line
  std::string_view body{};    ///< decoded
};

/// An exchange as people may see it: valid UTF-8 in lines, values of secret names and `secrets`
/// masked, and not too long.
FailureSample sample_of(const LastExchange& last, std::span<const std::string> secrets = {});

}  // namespace troupe::sim
