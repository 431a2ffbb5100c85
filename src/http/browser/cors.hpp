#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/settings.hpp"

namespace troupe::http {

/// Which pages of other origins may use the API: the fields of the CORS protocol (Fetch, section 3.2).
/// Immutable; from any thread.
class Cors {
 public:
  /// Nobody's.
  Cors() = default;
  explicit Cors(const CorsSettings& settings);

  bool is_on() const { return any_ || !origins_.empty(); }
  /// May pages of this origin use the API?
  bool allows(std::string_view origin) const;

  /// What a request says of itself; empty: the field is missing.
  struct Asked {
    std::string_view origin{};         ///< Origin
    std::string_view wanted_method{};  ///< Access-Control-Request-Method, of a preflight
    bool options = false;              ///< its method is OPTIONS
  };
  /// Adds to the `fields` of an answer with `status`, lines of "Name: value\r\n", what a browser wants to
  /// know: nothing for other origins, but that the answer depends on the origin. An answer to OPTIONS has its
  /// Allow there, which a preflight is told.
  void add_fields(const Asked& asked, int status, std::string& fields) const;

 private:
  void add_preflight(std::string& fields) const;

  bool any_ = false;
  std::vector<std::string> origins_;
  std::string common_;     ///< lines of every answer to an allowed origin, but for the origin itself
  std::string preflight_;  ///< lines of the answer to a preflight, but for the methods
};

/// Adds `value` to the list of a field that may be there already.
void add_to_field(std::string_view name, std::string_view value, std::string& fields);

}  // namespace troupe::http
