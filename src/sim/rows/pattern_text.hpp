#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "support/result.hpp"

namespace troupe::sim {

/// Chooses a number below `count` (> 0).
using Choose = std::function<std::uint64_t(std::uint64_t count)>;

/// Texts that a pattern is found in, from the part of RE2's syntax that people use for codes and names:
/// characters, `.`, classes as [a-z_], \d \w \s, groups, `|`, ?, *, +, {n,m}, ^ and $. Never changes after it
/// was made; callable from any thread.
class PatternText {
 public:
  struct Node;

  /// Error: one line that names what of the syntax is not known here.
  static Result<PatternText> parse(std::string_view pattern);

  /// Appends a text, which depends on the choices alone. Repetitions without an upper limit go three beyond
  /// their lower one.
  void append(const Choose& choose, std::string& out) const;

 private:
  std::shared_ptr<const Node> root_;
};

}  // namespace troupe::sim
