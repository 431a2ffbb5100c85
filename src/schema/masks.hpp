#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/element.hpp"

namespace troupe::schema {

/// Which columns of a list a row has: words of 63 bits, since each travels as an int8 that is never negative.
/// Bit n of word m is column 63 m + n.
class Masks {
 public:
  static constexpr std::size_t columns_per_word = 63;

  /// Words that so many columns need.
  static constexpr std::size_t words_for(std::size_t columns) {
    return (columns + columns_per_word - 1) / columns_per_word;
  }
  /// Where SQL finds a column: a word, and its bit in it.
  static constexpr std::pair<std::size_t, std::uint64_t> place_of(std::size_t column) {
    return {column / columns_per_word, std::uint64_t{1} << (column % columns_per_word)};
  }

  /// None of so many columns.
  explicit Masks(std::size_t columns) : words_(words_for(columns)) {}
  /// Takes the words of so many columns off a run of elements.
  static Masks take(std::size_t columns, std::string_view& elements) {
    Masks masks(columns);
    for (auto& word : masks.words_)
      word = static_cast<std::uint64_t>(integer_of(take_element(elements).value_or("")));
    return masks;
  }

  bool has(std::size_t column) const {
    const auto [word, bit] = place_of(column);
    return (words_[word] & bit) != 0;
  }
  void add(std::size_t column) {
    const auto [word, bit] = place_of(column);
    words_[word] |= bit;
  }
  void clear() { words_.assign(words_.size(), 0); }
  /// All that either has.
  void add(const Masks& others) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= others.words_[i];
  }
  /// Appends an element for each word.
  void append_to(std::string& elements) const {
    for (const auto word : words_) append_integer_element(static_cast<std::int64_t>(word), elements);
  }
  const std::vector<std::uint64_t>& words() const { return words_; }

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace troupe::schema
