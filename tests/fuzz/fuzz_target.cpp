#include "fuzz/fuzz_target.hpp"

#include <algorithm>

namespace troupe::fuzz {
namespace {

std::vector<Target>& registered() {
  static std::vector<Target> all;
  return all;
}

}  // namespace

const std::vector<Target>& targets() {
  return registered();
}

const Target* find_target(std::string_view name) {
  const auto found = std::ranges::find(registered(), name, &Target::name);
  return found == registered().end() ? nullptr : &*found;
}

Register::Register(Target target) {
  auto& all = registered();
  all.insert(std::ranges::upper_bound(all, target.name, {}, &Target::name), std::move(target));
}

std::size_t take_choice(std::string_view& input, std::size_t choices) {
  if (input.empty()) return 0;
  const auto byte = static_cast<unsigned char>(input.front());
  input.remove_prefix(1);
  if (byte >= '0' && byte <= '9') return static_cast<std::size_t>(byte - '0') % choices;
  if (byte >= 'a' && byte <= 'z') return static_cast<std::size_t>(byte - 'a' + 10) % choices;
  return byte % choices;
}

std::size_t Cuts::next() {
  constexpr std::size_t most = 40;
  seed_ = seed_ * 6364136223846793005u + 1442695040888963407u;
  return 1 + (seed_ >> 33) % most;
}

std::string fault_of_message(std::string_view message) {
  if (message.empty()) return "a message without words";
  if (message.find('\n') != std::string_view::npos)
    return "a message of more than one line: " + std::string(message);
  return {};
}

}  // namespace troupe::fuzz
