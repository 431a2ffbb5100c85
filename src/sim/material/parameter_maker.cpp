#include "sim/material/parameter_maker.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <unordered_set>

#include "schema/number_text.hpp"

namespace troupe::sim {
namespace {

/// Each value once, where it came first.
std::vector<std::string> distinct(std::vector<std::string> values) {
  std::unordered_set<std::string> seen;
  std::erase_if(values, [&](const auto& value) { return !seen.insert(value).second; });
  return values;
}

/// A rank among `count`, for any thread: the generator's own state depends on `count` alone.
class Ranks {
 public:
  Ranks(std::size_t count, double theta) : count_(count), zipfian_(theta) {
    Rng rng(0);
    zipfian_.sample(count_, rng);
  }
  std::size_t pick(Rng& rng) const { return Zipfian(zipfian_).sample(count_, rng); }

 private:
  std::size_t count_;
  Zipfian zipfian_;
};

ParameterMaker one_of(std::vector<std::string> values) {
  return [values = std::move(values)](Rng& rng, const std::vector<std::string>*, std::string& out) {
    out = values[rng.below(values.size())];
  };
}

struct Maker {
  const TextRows& column_values;

  ParameterMaker operator()(const UniformWhole& range) const {
    const auto count = static_cast<std::uint64_t>(range.high - range.low) + 1;
    return [=](Rng& rng, const std::vector<std::string>*, std::string& out) {
      out = std::to_string(range.low + static_cast<std::int64_t>(rng.below(count)));
    };
  }
  ParameterMaker operator()(const UniformReal& range) const {
    return [=](Rng& rng, const std::vector<std::string>*, std::string& out) {
      out.clear();
      schema::append_number(range.low + (range.high - range.low) * rng.uniform(), out);
    };
  }
  ParameterMaker operator()(const ZipfianWhole& range) const {
    const Ranks ranks(static_cast<std::size_t>(range.high - range.low) + 1, range.theta);
    return [=](Rng& rng, const std::vector<std::string>*, std::string& out) {
      out = std::to_string(range.low + static_cast<std::int64_t>(ranks.pick(rng)));
    };
  }
  ParameterMaker operator()(const ColumnValues& source) const {
    std::vector<std::string> values;
    for (const auto& row : column_values) values.push_back(row.front());
    if (source.choice.kind != KeyChoice::Kind::zipfian) return one_of(std::move(values));
    values = distinct(std::move(values));
    const Ranks ranks(values.size(), source.choice.theta);
    return [=, values = std::move(values)](Rng& rng, const std::vector<std::string>*, std::string& out) {
      out = values[ranks.pick(rng)];
    };
  }
  ParameterMaker operator()(const ListedValues& listed) const { return one_of(listed.values); }
  ParameterMaker operator()(const DataColumn& column) const {
    return [=](Rng&, const std::vector<std::string>* data, std::string& out) { out = (*data)[column.index]; };
  }
};

}  // namespace

ParameterMaker parameter_maker(const ParameterSource& source, const TextRows& column_values) {
  return std::visit(Maker{column_values}, source);
}

}  // namespace troupe::sim
