#include "sim/scenario/think_time_reader.hpp"

#include <initializer_list>
#include <vector>

namespace troupe::sim {
namespace {

constexpr double max_sigma = 10;

ThinkTime think_time_of(std::string_view kind, const toml::table& table, const std::string& file) {
  // Read again with the keys of this kind only, so that `mean` with a constant is refused and not ignored.
  const auto with = [&](std::initializer_list<std::string_view> keys) {
    return TomlReader(table, "think_time", file, keys);
  };
  if (kind == "constant") return ThinkTime::constant(with({"kind", "value"}).duration("value"));
  if (kind == "exponential") return ThinkTime::exponential(with({"kind", "mean"}).duration("mean"));
  if (kind == "uniform") {
    const auto reader = with({"kind", "min", "max"});
    const auto low = reader.duration("min");
    const auto high = reader.duration("max");
    if (low > high) reader.fail("max", "must not be smaller than min");
    return ThinkTime::uniform(low, high);
  }
  if (kind == "normal") {
    const auto reader = with({"kind", "mean", "deviation"});
    return ThinkTime::normal(reader.duration("mean"), reader.duration("deviation"));
  }
  if (kind == "lognormal") {
    const auto reader = with({"kind", "mean", "median", "sigma"});
    if (reader.has("mean") == reader.has("median"))
      reader.fail("kind", "lognormal needs either mean or median");
    const double sigma = reader.number("sigma", 0, max_sigma);
    return reader.has("mean") ? ThinkTime::lognormal_by_mean(reader.duration("mean"), sigma)
                              : ThinkTime::lognormal_by_median(reader.duration("median"), sigma);
  }
  with({"kind"});
  return {};
}

}  // namespace

ThinkTime read_think_time(const toml::table& table, const std::string& file) {
  const std::vector<std::string_view> kinds{"none",        "constant", "uniform",
                                            "exponential", "normal",   "lognormal"};
  const TomlReader any(table, "think_time", file,
                       {"kind", "value", "min", "max", "mean", "deviation", "median", "sigma"});
  return think_time_of(kinds[any.choice("kind", kinds)], table, file);
}

KeyChoice read_keys(const toml::table& table, const std::string& file) {
  const TomlReader reader(table, "keys", file, {"kind", "theta"});
  KeyChoice keys;
  keys.kind = static_cast<KeyChoice::Kind>(reader.choice("kind", {"own", "uniform", "zipfian"}));
  if (!reader.has("theta")) return keys;
  if (keys.kind != KeyChoice::Kind::zipfian) reader.fail("theta", "only goes with kind = \"zipfian\"");
  keys.theta = reader.number("theta", 0, 1);
  return keys;
}

}  // namespace troupe::sim
