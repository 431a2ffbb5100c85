#include "postgres/copy/rows/made_up_value.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace troupe::postgres {
namespace {

constexpr int varchar_header = 4;  // of atttypmod
constexpr double usual_most = 1000;

std::string share(const ValueWay& way) {
  return fmt::format("((hashint8extended({}, {}) & 1073741823) / 1073741824.0)", way.number, way.salt);
}

/// Digits before and behind the point, of a numeric with a modifier.
struct Precision {
  int before = 10, behind = 2;
};
Precision precision_of(const FilledColumn& column) {
  if (column.type != "numeric") return {};
  if (column.modifier < 0) return {};
  const int packed = column.modifier - varchar_header;
  const int all = (packed >> 16) & 0xffff, behind = packed & 0x7ff;
  return {all - behind, behind};
}

std::string whole_number(const FilledColumn& column, const ValueWay& way) {
  const double low = column.low.value_or(1);
  if (way.unique) return fmt::format("{} + {:.0f}", way.number, low);
  const double most = column.type == "int2" ? 100 : usual_most;
  const double high = column.high.value_or(std::max(most, low + most));
  return fmt::format("{:.0f} + {}", low, random_below(fmt::format("{:.0f}", high - low + 1), way));
}

std::string fraction(const FilledColumn& column, const ValueWay& way) {
  const auto precision = precision_of(column);
  const double low = column.low.value_or(0);
  if (way.unique) return fmt::format("{} + {:.0f}", way.number, low);
  const double most = std::min(usual_most, std::pow(10.0, precision.before) - 1);
  const double high = column.high.value_or(std::max(most, low));
  return fmt::format("round(({} + {} * {})::numeric, {})", low, share(way), high - low,
                     std::max(0, precision.behind));
}

/// As long as the column and its checks allow, and with the number in it, so that it is the only one of its
/// kind.
std::string text(const FilledColumn& column, const ValueWay& way) {
  const auto& name = column.name;
  const int declared = column.modifier > varchar_header ? column.modifier - varchar_header : 100;
  const int longest = std::min(declared, static_cast<int>(column.high.value_or(declared)));
  const int least = static_cast<int>(column.low.value_or(0));
  std::string value;
  if (longest < 24) {
    value = fmt::format("lpad(to_hex({}), {}, '0')", way.number,
                        std::clamp(least, std::min(longest, 8), longest));
  } else if (name.find("mail") != std::string::npos) {
    value = fmt::format("'user' || {} || '@example.com'", way.number);
  } else if (name.find("url") != std::string::npos) {
    value = fmt::format("'https://example.com/' || {}", way.number);
  } else {
    const auto plain = name.starts_with('"') ? std::string("value") : name.substr(0, 12);
    value = fmt::format("{} || ' ' || {}", quote_text(plain), way.number);
  }
  return least > 8 ? fmt::format("rpad({}, {}, 'x')", value, least) : value;
}

std::string moment(const char* type, const ValueWay& way) {
  if (way.unique) return fmt::format("{} '2000-01-01' + {} * interval '1 second'", type, way.number);
  return fmt::format("{} '2026-01-01' - {} * interval '730 days'", type, share(way));
}

using Writer = std::string (*)(const FilledColumn&, const ValueWay&);

// By PostgreSQL's name of the type. What is not here is left to the column's default or to null.
const std::map<std::string, Writer>& writers() {
  static const std::map<std::string, Writer> all{
      {"int2", whole_number},
      {"int4", whole_number},
      {"int8", whole_number},
      {"oid", whole_number},
      {"numeric", fraction},
      {"float4", fraction},
      {"float8", fraction},
      {"money", fraction},
      {"text", text},
      {"varchar", text},
      {"bpchar", text},
      {"citext", text},
      {"name", text},
      {"bool", [](const FilledColumn&, const ValueWay& way) { return share(way) + " < 0.5"; }},
      {"uuid", [](const FilledColumn&,
                  const ValueWay& way) { return fmt::format("md5('{} ' || {})", way.salt, way.number); }},
      {"date",
       [](const FilledColumn&, const ValueWay& way) {
         if (way.unique) return fmt::format("date '2000-01-01' + ({})::int", way.number);
         return fmt::format("date '2026-01-01' - ({})::int", random_below("730", way));
       }},
      {"timestamptz", [](const FilledColumn&, const ValueWay& way) { return moment("timestamptz", way); }},
      {"timestamp", [](const FilledColumn&, const ValueWay& way) { return moment("timestamp", way); }},
      {"time",
       [](const FilledColumn&, const ValueWay& way) { return share(way) + " * interval '86399 seconds'"; }},
      {"interval",
       [](const FilledColumn&, const ValueWay& way) { return share(way) + " * interval '3 hours'"; }},
      {"json", [](const FilledColumn&,
                  const ValueWay& way) { return fmt::format("json_build_object('n', {})", way.number); }},
      {"jsonb", [](const FilledColumn&,
                   const ValueWay& way) { return fmt::format("jsonb_build_object('n', {})", way.number); }},
      {"bytea",
       [](const FilledColumn&, const ValueWay& way) {
         return fmt::format("decode(md5('{} ' || {}), 'hex')", way.salt, way.number);
       }},
      {"inet", [](const FilledColumn&,
                  const ValueWay& way) { return fmt::format("inet '10.0.0.0' + {}", way.number); }},
      {"tsvector",
       [](const FilledColumn&, const ValueWay& way) {
         return fmt::format("to_tsvector('simple', 'word' || {})", way.number);
       }},
      {"anyarray", [](const FilledColumn&, const ValueWay&) { return std::string("'{}'"); }},
      {"anyrange", [](const FilledColumn&, const ValueWay&) { return std::string("'empty'"); }},
  };
  return all;
}

}  // namespace

std::string random_below(const std::string& count, const ValueWay& way) {
  return fmt::format("floor({} * {})::int8", share(way), count);
}

bool can_be_unique(const FilledColumn& column) {
  static const std::vector<std::string> never{"bool", "anyenum", "anyarray", "anyrange", "time", "interval"};
  return column.labels.empty() && writers().contains(column.type) &&
         std::ranges::find(never, column.type) == never.end();
}

std::optional<std::string> made_up_value(const FilledColumn& column, const ValueWay& way) {
  if (!column.labels.empty()) {
    std::vector<std::string> labels;
    for (const auto& label : column.labels) labels.push_back(quote_text(label));
    const auto at = way.unique ? way.number : random_below(std::to_string(labels.size()), way);
    return fmt::format("((ARRAY[{}]::text[])[1 + {}])::{}", fmt::join(labels, ", "), at, column.cast);
  }
  const auto writer = writers().find(column.type);
  if (writer == writers().end()) return std::nullopt;
  return fmt::format("({})::{}", writer->second(column, way), column.cast);
}

}  // namespace troupe::postgres
