#include "http/auth/rules.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <utility>

#include "support/suggest.hpp"

namespace troupe::http {
namespace {

std::uint64_t next_number() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

/// What a rule must give; nullopt: no rule is asked.
std::optional<std::uint32_t> bit_of(Operation operation) {
  switch (operation) {
    case Operation::list:
      return list_bit;
    case Operation::get:
      return get_bit;
    case Operation::create:
      return create_bit;
    case Operation::update:
    case Operation::replace:
      return update_bit;
    case Operation::remove:
      return delete_bit;
    case Operation::call:
      return call_bit;
    case Operation::unsaid:
    case Operation::open:
    case Operation::see:
      break;
  }
  return std::nullopt;
}

std::string_view subject_of(const Endpoint& endpoint) {
  if (endpoint.resource != nullptr) return endpoint.resource->resource.name;
  if (endpoint.query != nullptr) return endpoint.query->query.name;
  return endpoint.subject;
}

bool is_own(const Endpoint& endpoint) {
  return endpoint.resource == nullptr && endpoint.query == nullptr;
}

/// What operations there can be on it, whether it offers them or not.
std::uint32_t possible_on(const Endpoint& endpoint) {
  if (endpoint.resource != nullptr) return row_bits;
  return endpoint.query != nullptr ? call_bit : get_bit;
}

std::string words_of(std::uint32_t operations) {
  if (operations == call_bit) return "call";
  if (operations == get_bit) return "get";
  return operations == row_bits ? "list, get, create, update and delete"
                                : "list, get, create, update, delete and call";
}

}  // namespace

Rules::Rules(AuthFile file) : file_(std::move(file)), number_(next_number()) {
  bits_.emplace(anonymous_role, everybody);
  std::uint64_t bit = everybody;
  for (const auto& role : file_.roles) {
    if (role.name != anonymous_role) bits_.emplace(role.name, bit <<= 1);
  }
  for (const auto& key : file_.keys)
    keys_.emplace(key.digest,
                  std::make_shared<const Caller>(Caller{key.name, roles_of(key.roles) | everybody}));
}

std::uint64_t Rules::allowed(std::string_view subject, std::uint32_t operation, bool own) const {
  std::uint64_t roles = 0;
  for (const auto& role : file_.roles) {
    const bool granted = std::ranges::any_of(role.grants, [&](const Grant& grant) {
      return (grant.operations & operation) != 0 &&
             (grant.subject == subject || (grant.subject == "*" && !own));
    });
    if (granted) roles |= bits_.at(role.name);
  }
  return roles;
}

void Rules::resolve(std::vector<Endpoint>& endpoints) const {
  for (auto& endpoint : endpoints) {
    const auto bit = bit_of(endpoint.operation);
    endpoint.roles = endpoint.operation == Operation::open ? ~std::uint64_t{0} : 0;
    endpoint.and_roles = ~std::uint64_t{0};
    if (!bit) continue;
    endpoint.roles = allowed(subject_of(endpoint), *bit, is_own(endpoint));
    const bool makes = endpoint.operation == Operation::replace && endpoint.resource->resource.client_key;
    if (makes) endpoint.and_roles = allowed(subject_of(endpoint), create_bit, false);
  }
  const auto useful = useful_roles(endpoints);
  for (auto& endpoint : endpoints) {
    if (endpoint.operation == Operation::see) endpoint.roles = useful;
  }
}

std::uint64_t Rules::useful_roles(const std::vector<Endpoint>& endpoints) {
  std::uint64_t roles = 0;
  for (const auto& endpoint : endpoints) {
    if (bit_of(endpoint.operation)) roles |= endpoint.roles;
  }
  return roles;
}

Result<void> Rules::check_names(const std::vector<Endpoint>& endpoints) const {
  std::map<std::string_view, std::uint32_t> possible{
      {"*", all_bits}, {"docs", get_bit}, {"metrics", get_bit}};
  for (const auto& endpoint : endpoints) {
    if (bit_of(endpoint.operation)) possible[subject_of(endpoint)] |= possible_on(endpoint);
  }
  std::vector<std::string_view> known;
  for (const auto& [name, operations] : possible) known.push_back(name);
  for (const auto& role : file_.roles) {
    for (const auto& grant : role.grants) {
      const auto found = possible.find(grant.subject);
      if (found == possible.end()) {
        const auto near = nearest(grant.subject, known);
        return invalid(
            fmt::format("{}: there is no resource or query of that name, and it is not metrics or docs{}",
                        grant.place, near.empty() ? "" : fmt::format("; did you mean {}?", near)));
      }
      if (!grant.any && (grant.operations & ~found->second) != 0)
        return invalid(
            fmt::format("{}: what can be allowed there is {}", grant.place, words_of(found->second)));
    }
  }
  return {};
}

std::shared_ptr<const Caller> Rules::owner_of(const Digest& key) const {
  const auto found = keys_.find(key);
  return found == keys_.end() ? nullptr : found->second;
}

std::uint64_t Rules::roles_of(const std::vector<std::string>& names) const {
  std::uint64_t roles = 0;
  for (const auto& name : names) {
    if (const auto found = bits_.find(name); found != bits_.end()) roles |= found->second;
  }
  return roles;
}

}  // namespace troupe::http
