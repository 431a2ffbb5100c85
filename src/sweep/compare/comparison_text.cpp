#include "sweep/compare/comparison_text.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "support/number_formats.hpp"
#include "support/text_width.hpp"

namespace troupe::sweep {
namespace {

constexpr std::size_t columns = 5;
using Row = std::array<std::string, columns>;

std::string value(const ComparisonRow& row, double of) {
  if (!std::isfinite(of)) return "?";
  return row.metric == "rate_per_s" ? figure(of) + "/s" : duration_us(of);
}

std::string signed_percent(double share) {
  if (!std::isfinite(share)) return "?";
  return (share >= 0 ? "+" : "") + percent(share);
}

std::string change(const Estimate& of) {
  if (!std::isfinite(of.median)) return "?";
  if (std::isnan(of.low)) return signed_percent(of.median);
  return fmt::format("{} ({} to {})", signed_percent(of.median), signed_percent(of.low),
                     signed_percent(of.high));
}

Row cells_of(const ComparisonRow& row, double tolerance) {
  const auto metric = row.metric == "rate_per_s" ? "rate" : row.metric.substr(0, row.metric.find('_'));
  return {metric, value(row, row.a.median), value(row, row.b.median), change(row.change),
          fmt::format("{}{}", to_string(row.judgement), is_regression(row, tolerance) ? ": REGRESSION" : "")};
}

std::string line(const Row& row, const std::array<std::size_t, columns>& widths) {
  std::string out = "  ";
  for (std::size_t i = 0; i < columns; ++i) {
    const std::string blanks(widths[i] - text_width(row[i]), ' ');
    const bool left = i == 0 || i + 1 == columns;
    out += left ? row[i] + blanks + "  " : blanks + row[i] + "  ";
  }
  out.erase(out.find_last_not_of(' ') + 1);
  return out + "\n";
}

std::string list(const std::string& heading, const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  std::string out = "\n" + heading + "\n";
  for (const auto& text : lines) out += "  " + text + "\n";
  return out;
}

/// "60 figures: 57 no difference, 3 worse; 1 regression beyond 5.0 %."
std::string total(const Comparison& comparison, double tolerance) {
  std::string out = counted(comparison.rows.size(), "figure") + ":";
  const char* separator = " ";
  for (std::size_t i = 0; i < judgement_names.size(); ++i) {
    const auto judgement = static_cast<Judgement>(i);
    const auto count = std::ranges::count(comparison.rows, judgement, &ComparisonRow::judgement);
    if (count == 0) continue;
    out += fmt::format("{}{} {}", separator, count, to_string(judgement));
    separator = ", ";
  }
  std::uint64_t regressions = 0;
  for (const auto* rows : {&comparison.rows, &comparison.common}) {
    regressions += static_cast<std::uint64_t>(
        std::ranges::count_if(*rows, [&](const auto& row) { return is_regression(row, tolerance); }));
  }
  out +=
      fmt::format("; {} beyond {}.", regressions == 0 ? "no regression" : counted(regressions, "regression"),
                  percent(tolerance));
  const auto blind = blind_rows(comparison, tolerance);
  if (blind == 0) return out;
  return out + fmt::format(
                   "\n{} could not have shown one: with so much noise and so few values it could hide "
                   "there. More repeats would show it.",
                   counted(blind, "figure"));
}

}  // namespace

std::string text_table(const Comparison& comparison, double tolerance) {
  const Row header{"", "a", "b", "change (95 % for all together)", "b is"};
  auto all = comparison.rows;
  all.insert(all.end(), comparison.common.begin(), comparison.common.end());
  std::vector<Row> rows;
  for (const auto& row : all) rows.push_back(cells_of(row, tolerance));
  std::array<std::size_t, columns> widths{};
  for (std::size_t i = 0; i < columns; ++i) {
    widths[i] = text_width(header[i]);
    for (const auto& row : rows) widths[i] = std::max(widths[i], text_width(row[i]));
  }
  std::string out;
  if (!rows.empty()) out += line(header, widths);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& what = all[i].what;
    if (i == 0 || all[i - 1].what != what) out += what + "\n";
    out += line(rows[i], widths);
  }
  out += list("Only in a:", comparison.only_a);
  out += list("Only in b:", comparison.only_b);
  out += list("To be known:", comparison.notes);
  return out + (out.empty() ? "" : "\n") + total(comparison, tolerance) + "\n";
}

}  // namespace troupe::sweep
