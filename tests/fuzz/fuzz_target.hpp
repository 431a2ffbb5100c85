#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::fuzz {

/// Gives one input to what is fuzzed, and says which property of it does not hold; empty: all do. An
/// exception that leaves it is a finding, too. Called again and again by one thread.
using TryInput = std::string (*)(std::string_view input);

/// One thing that is fuzzed. Its name is that of its corpus: tests/fuzz/corpus/NAME.
struct Target {
  std::string_view name;
  TryInput try_input;
  /// Pieces of its language, put in by whoever mutates.
  std::vector<std::string_view> pieces{};
};

/// All that is linked in, by name.
const std::vector<Target>& targets();
/// Null: there is none of this name.
const Target* find_target(std::string_view name);

/// Makes a target known: one object of it per file, at namespace scope.
struct Register {
  explicit Register(Target target);
};

/// Takes the first byte off and makes a choice of it: digits and letters choose what they say. An empty input
/// chooses 0.
std::size_t take_choice(std::string_view& input, std::size_t choices);

/// Takes bytes off as far as there are some: the cuts of what comes in pieces.
class Cuts {
 public:
  explicit Cuts(std::string_view text) : seed_(text.size() * 2654435761u + 1) {}
  /// 1 to 40, the same sequence for the same text.
  std::size_t next();

 private:
  std::uint64_t seed_;
};

/// What is said for people is one line, and not empty: what is wrong with this one; else nothing.
std::string fault_of_message(std::string_view message);

}  // namespace troupe::fuzz
