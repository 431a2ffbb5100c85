#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/server/caller.hpp"
#include "http/server/exchange.hpp"
#include "http/server/response.hpp"

namespace troupe::http {

/// Who may do what: asked by connection actors for every request, once it has been routed. Immutable; from
/// any thread. There are rules in http/auth; without them there is none of these, and nothing is asked.
class Access {
 public:
  Access() = default;
  Access(const Access&) = delete;
  Access& operator=(const Access&) = delete;
  virtual ~Access() = default;

  /// Finds out who asks (`caller`, `roles`, `restricted`) and whether they may call the endpoint; without
  /// one, whether they may be told that nothing is there. The answer to them, if not: 400, 401 or 403.
  virtual std::optional<Response> refuse(Exchange& exchange) const = 0;

  /// Who has this key or token; null: it is none.
  virtual std::shared_ptr<const Caller> who_has(std::string_view credential) const = 0;
};

}  // namespace troupe::http
