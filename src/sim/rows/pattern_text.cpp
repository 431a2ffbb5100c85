#include "sim/rows/pattern_text.hpp"

#include <spdlog/fmt/fmt.h>

#include <charconv>
#include <vector>

namespace troupe::sim {

/// A part of a pattern, repeated `low` to `high` times: one character of `characters`, or else one of
/// `branches`, each of which is a sequence.
struct PatternText::Node {
  std::string characters{};
  std::vector<std::vector<Node>> branches{};
  unsigned low = 1, high = 1;

  void append(const Choose& choose, std::string& out) const {
    const auto times = low + (high > low ? choose(high - low + 1) : 0);
    for (std::uint64_t i = 0; i < times; ++i) {
      if (!characters.empty()) {
        out += characters[choose(characters.size())];
      } else if (!branches.empty()) {
        for (const auto& part : branches[choose(branches.size())]) part.append(choose, out);
      }
    }
  }
};

namespace {

using Node = PatternText::Node;

constexpr unsigned beyond_low = 3;        // of a repetition without an upper limit
constexpr unsigned most_repeats = 1'000;  // RE2's own limit
constexpr unsigned most_depth = 50;

constexpr std::string_view digits = "0123456789";
constexpr std::string_view word = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

/// Thrown within the parser only: it is recursive, and every step may find the fault.
struct Unknown {
  std::string what;
};

class Parser {
 public:
  explicit Parser(std::string_view pattern) : rest_(pattern) {}

  Node whole() {
    Node node;
    node.branches = branches(0);
    if (!rest_.empty()) throw Unknown{fmt::format("'{}'", rest_[0])};
    return node;
  }

 private:
  std::vector<std::vector<Node>> branches(unsigned depth) {
    if (depth > most_depth) throw Unknown{"so many groups within each other"};
    std::vector<std::vector<Node>> all{{}};
    while (!rest_.empty() && rest_[0] != ')') {
      if (take("|")) {
        all.emplace_back();
      } else if (!take("^") && !take("$")) {  // a text is made whole anyway
        all.back().push_back(repeated(atom(depth)));
      }
    }
    return all;
  }

  Node atom(unsigned depth) {
    Node node;
    if (take("(")) {
      if (!take("?:") && rest_.starts_with('?')) throw Unknown{"(?…)"};
      node.branches = branches(depth + 1);
      if (!take(")")) throw Unknown{"a group that is not closed"};
    } else if (take("[")) {
      node.characters = set();
    } else if (take(".")) {
      node.characters = word;
    } else if (rest_[0] == '\\') {
      node.characters = escaped();
    } else if (std::string_view("*+?{").find(rest_[0]) != std::string_view::npos) {
      throw Unknown{fmt::format("'{}' behind nothing", rest_[0])};
    } else {
      node.characters = next();
    }
    return node;
  }

  Node repeated(Node node) {
    if (take("?")) {
      node.low = 0;
    } else if (take("*")) {
      node.low = 0, node.high = beyond_low;
    } else if (take("+")) {
      node.high = 1 + beyond_low;
    } else if (take("{")) {
      node.low = node.high = number();
      if (take(",")) node.high = rest_.starts_with('}') ? node.low + beyond_low : number();
      if (!take("}") || node.high < node.low) throw Unknown{"'{'"};
    }
    if (!rest_.empty() && std::string_view("*+?{").find(rest_[0]) != std::string_view::npos)
      throw Unknown{"a second repetition sign"};
    return node;
  }

  unsigned number() {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc() || value > most_repeats) throw Unknown{"'{'"};
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  std::string set() {
    if (rest_.starts_with('^')) throw Unknown{"[^…]"};
    std::string characters;
    for (bool first = true; first || !rest_.starts_with(']'); first = false) {
      if (rest_.empty() || rest_.starts_with("[:")) throw Unknown{"this ["};
      const auto from = rest_[0] == '\\' ? escaped() : next();
      const bool range = rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']';
      if (!range) {
        characters += from;
        continue;
      }
      take("-");
      const auto to = rest_[0] == '\\' ? escaped() : next();
      if (from.size() != 1 || to.size() != 1 || from > to) throw Unknown{"this ["};
      for (int c = from[0]; c <= to[0]; ++c) characters += static_cast<char>(c);
    }
    take("]");
    return characters;
  }

  std::string escaped() {
    take("\\");
    const auto c = next();
    if (c == "d") return std::string(digits);
    if (c == "w") return std::string(word);
    if (c == "s") return " ";
    const bool letter = word.find(c) != std::string_view::npos && c != "_";
    if (letter) throw Unknown{"\\" + c};
    return c;
  }

  /// A character that stands for itself; of ASCII, so that a class is a list of bytes.
  std::string next() {
    if (rest_.empty() || static_cast<unsigned char>(rest_[0]) >= 0x80 || rest_[0] == '\0')
      throw Unknown{"a character beyond ASCII"};
    const std::string one(1, rest_[0]);
    rest_.remove_prefix(1);
    return one;
  }

  bool take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  std::string_view rest_;
};

}  // namespace

Result<PatternText> PatternText::parse(std::string_view pattern) {
  try {
    PatternText text;
    text.root_ = std::make_shared<const Node>(Parser(pattern).whole());
    return text;
  } catch (const Unknown& unknown) {
    return Error{ErrorCode::invalid_argument, unknown.what};
  }
}

void PatternText::append(const Choose& choose, std::string& out) const {
  root_->append(choose, out);
}

}  // namespace troupe::sim
