#include "http/access_log/request_id.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "support/characters.hpp"
#include "support/random.hpp"

namespace troupe::http {

namespace {

constexpr std::size_t longest = 128;

}  // namespace

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= longest && std::ranges::all_of(text, [](char c) {
    return is_in(c, unreserved_char) || c == '+' || c == '/' || c == '=' || c == ':' || c == '@';
  });
}

std::string RequestIds::next(std::size_t worker) {
  const auto count = counts_[worker].value.fetch_add(1, std::memory_order_relaxed);
  return fmt::format("{:016x}-{:x}-{:x}", seed_, worker, count);
}

std::string RequestIds::next_span(std::size_t worker) {
  const auto count = counts_[worker].value.fetch_add(1, std::memory_order_relaxed);
  const auto id = Rng(seed_, RandomStream::trace_span, (std::uint64_t{worker} << 48) | count)();
  return fmt::format("{:016x}", std::max<std::uint64_t>(id, 1));
}

}  // namespace troupe::http
