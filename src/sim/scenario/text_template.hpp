#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/scenario/data_rows.hpp"
#include "support/result.hpp"

namespace troupe::sim {

/// What names stand for in a template, beside {id}.
struct TemplateNames {
  const DataRows* data = nullptr;             ///< {column}; null: there is none
  std::span<const std::string> parameters{};  ///< {parameter}; wins over a column of its name
};

/// What fills a template's placeholders in one request.
struct TemplateValues {
  /// {id}: the row's key, its values in the key's order; in a path one segment each.
  std::span<const std::string> id{};
  /// {column}: a row of the data that the template was parsed with; null when it has no such placeholder.
  const std::vector<std::string>* row = nullptr;
  std::span<const std::string> parameters{};  ///< {parameter}: as many as it was parsed with
};

/// A path or body with placeholders: `{id}`, `{column}` or `{parameter}`. A brace that does not enclose a
/// bare name stands for itself, so JSON bodies need no escaping. Never changes after it was parsed; callable
/// from any thread.
class TextTemplate {
 public:
  /// How values are made safe for their surroundings.
  enum class Escape { path, json };

  TextTemplate() = default;
  /// Error: one line that names the placeholder.
  static Result<TextTemplate> parse(std::string_view text, Escape escape, const TemplateNames& names);

  bool empty() const { return pieces_.empty(); }
  bool uses_id() const;
  bool uses_row() const;
  /// Appends the filled-in text to `out`. A row is needed if and only if uses_row().
  void render(const TemplateValues& values, std::string& out) const;

 private:
  struct Id {};
  struct Column {
    std::size_t index;
  };
  struct Parameter {
    std::size_t index;
  };
  std::vector<std::variant<std::string, Id, Column, Parameter>> pieces_;
  Escape escape_ = Escape::path;
};

/// Letters, digits and _, not starting with a digit.
bool is_placeholder_name(std::string_view text);

}  // namespace troupe::sim
