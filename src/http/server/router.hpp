#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "actors/database/messages.hpp"
#include "http/server/exchange.hpp"
#include "http/server/response.hpp"

namespace troupe::http {

struct ServerContext;
struct ResourcePages;
class Access;

/// An answer that others have to be asked for, and not the database: `begin` is called with what takes it,
/// once and from any thread.
struct Later {
  std::function<void(std::function<void(Response)> answer)> begin;
};

/// What an endpoint makes of a request: the answer, or what to ask the database first.
using Step = std::variant<Response, actors::Command, Later>;

/// What one must be allowed to do to call an endpoint, where rules say who may do what.
enum class Operation : std::uint8_t {
  unsaid,   ///< nobody may: it was forgotten
  open,     ///< everybody may, and nobody is asked who they are
  see,      ///< who may do anything at all
  list,     ///< rows of a resource
  get,      ///< one row, or what the server tells of itself
  create,   ///< rows
  update,   ///< a row
  replace,  ///< a row, or make it: needs `update` and, where clients choose the key, `create`
  remove,   ///< a row
  call,     ///< a query
};

/// One operation of the API: a method on a path.
struct Endpoint {
  Method method;
  std::string path;  ///< as OpenAPI writes it: /items/{id}, /lines/{order_id}/{number}
  std::string name;  ///< the route's label in metrics
  Step (*begin)(Exchange& exchange, const ServerContext& context);
  /// Makes the answer of what the database said; null when `begin` always answers. A Failure never comes
  /// here.
  Response (*finish)(Exchange& exchange, const actors::Outcome& outcome) = nullptr;
  /// What the client is told when the database refuses what it sent (a Failure with a kind of `refused`);
  /// null when nothing of the client's goes there.
  Problem (*refused)(const Exchange& exchange, const actors::Failure& failure) = nullptr;
  postgres::SharedResource resource{};            ///< that it is about; may be null
  postgres::SharedQuery query{};                  ///< that it calls; may be null
  std::size_t max_rows = 1;                       ///< of one body
  std::uint64_t max_offset = 0;                   ///< rows that a list may skip
  std::shared_ptr<const std::string> document{};  ///< that it answers with; may be null
  std::shared_ptr<const ResourcePages> pages{};   ///< what the resource's pages are made of; may be null
  std::size_t place = 0;                          ///< in HttpStats; ActiveRoutes sets it
  Operation operation = Operation::unsaid;        ///< that rules must allow, if there are any
  std::string_view subject{};  ///< of that, where there is neither resource nor query; a constant
  /// Who may call it: one of these roles' bits, and one of those.
  std::uint64_t roles = ~std::uint64_t{0}, and_roles = ~std::uint64_t{0};

  /// Whether somebody with these roles may call it.
  bool allows(std::uint64_t of_caller) const {
    return (roles & of_caller) != 0 && (and_roles & of_caller) != 0;
  }

  /// For the database to answer; absent: server.request_timeout.
  std::optional<std::chrono::milliseconds> timeout() const;
};

/// Says a problem in a form that the request asks for rather than JSON, or leaves it as it is. `response` is
/// one with a problem.
using ProblemForm = void (*)(const Request& request, Response& response);

/// Finds the endpoint of a request in a table that it is given, and knows no path of its own. The last
/// segments of a path of the table may be names in braces, which stand for one segment each, not empty. A
/// path without any wins over one with. Immutable; from any thread.
class Router {
 public:
  Router() = default;
  explicit Router(std::vector<Endpoint> endpoints, ProblemForm form = nullptr);

  const std::vector<Endpoint>& endpoints() const { return endpoints_; }
  std::vector<Endpoint>& endpoints() { return endpoints_; }

  /// Has every request that it routes be looked at by `access`.
  void guard(std::shared_ptr<const Access> access) { access_ = std::move(access); }
  /// Null: everybody may do everything.
  const Access* access() const { return access_.get(); }

  /// Null: problems are JSON.
  ProblemForm problem_form() const { return problem_form_; }

  /// Finds the endpoint for the exchange's request and sets `router`, `endpoint` and its key; else the
  /// answer: 404, 405 with Allow, 501, or that to OPTIONS.
  std::optional<Response> route(Exchange& exchange) const;

 private:
  /// What there is under one path: places of endpoints, by how many segments of a key follow it.
  struct Node {
    std::vector<std::vector<std::size_t>> by_segments;
  };
  /// Lets a view be looked up, without a string made of it for every request.
  struct PathHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view path) const { return std::hash<std::string_view>{}(path); }
  };
  struct Found {
    const std::vector<std::size_t>* endpoints = nullptr;
    std::string_view key;  ///< what follows the path
  };
  Found find(std::string_view path) const;
  std::string allowed_on(std::string_view path) const;

  std::vector<Endpoint> endpoints_;
  ProblemForm problem_form_ = nullptr;
  std::shared_ptr<const Access> access_{};
  std::unordered_map<std::string, Node, PathHash, std::equal_to<>>
      nodes_;  ///< by path, without a slash at the end
  std::size_t most_segments_ = 0;
};

}  // namespace troupe::http
