#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "support/secret_text.hpp"

namespace troupe::sim {

/// Names and values of a query or a form.
using NamedTexts = std::vector<std::pair<std::string, std::string>>;

/// The code or the state of an OAuth login (RFC 6749 section 4.1), which its companions or its length tell
/// from the code of a country and the state of an order.
bool is_of_oauth(const NamedTexts& all, std::string_view name, std::string_view value);

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
    return is_secret_name(name) || has(value);
  }

 private:
  std::unordered_set<std::string> values_;
  std::vector<std::string> long_ones_;  ///< which are looked for inside of others
};

}  // namespace troupe::sim
