#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace troupe::sim {

/// A name whose value must not be written: is_secret_name, and what else tells who somebody is (one-time
/// codes, cards).
bool is_private_name(std::string_view name);

/// The secrets of a recording, known by their names in one place and found by their values in others.
class SecretValues {
 public:
  /// Short ones are not kept: they would be found where they are none.
  void add(std::string_view value);
  /// The value of every secret name in a JSON value.
  void add_from(const boost::json::value& value);

  /// The value is one of the secrets or holds one, holds the value of a secret name (as a URL in a query
  /// does), or is a token by its form.
  bool has(std::string_view value) const;
  bool is_secret(std::string_view name, std::string_view value) const {
    return is_private_name(name) || has(value);
  }

 private:
  std::unordered_set<std::string> values_;
  std::vector<std::string> long_ones_;  ///< which are looked for inside of others
};

}  // namespace troupe::sim
