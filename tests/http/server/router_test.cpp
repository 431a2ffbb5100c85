#include "http/server/router.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <optional>
#include <string>

#include "http/server/server_context.hpp"

using namespace troupe::http;

namespace {

Step begin_nothing(Exchange&, const ServerContext&) {
  return Response{204, {}, {}, {}};
}

const Endpoint table[] = {
    {Method::get, "/things/", "list", begin_nothing, nullptr},
    {Method::post, "/things/", "create", begin_nothing, nullptr},
    {Method::get, "/things/{id}", "get", begin_nothing, nullptr},
    {Method::delete_, "/things/{id}", "delete", begin_nothing, nullptr},
    {Method::get, "/health", "health", begin_nothing, nullptr},
};

struct Routed {
  std::string name;  ///< of the endpoint that was found
  std::optional<std::int64_t> id;
  int status = 0;  ///< of the answer, when none was found
  std::string fields;
};

Routed route(Method method, const std::string& path) {
  Exchange exchange;
  exchange.request.method = method;
  exchange.request.path = path;
  const auto response = Router(table).route(exchange);
  if (response) return {{}, {}, response->status, response->fields};
  return {std::string(exchange.endpoint->name), exchange.id, 0, {}};
}

}  // namespace

TEST_CASE("a method on a path finds its endpoint, with or without a slash at the end", "[http][router]") {
  struct Row {
    Method method;
    std::string path, name;
    std::optional<std::int64_t> id;
  };
  const auto row = GENERATE(values<Row>(
      {{Method::get, "/things/", "list", {}},
       {Method::get, "/things", "list", {}},
       {Method::head, "/things/", "list", {}},
       {Method::post, "/things", "create", {}},
       {Method::get, "/things/7", "get", 7},
       {Method::get, "/things/7/", "get", 7},
       {Method::head, "/things/0", "get", 0},
       {Method::delete_, "/things/9223372036854775807", "delete", std::numeric_limits<std::int64_t>::max()},
       {Method::get, "/health", "health", {}},
       {Method::get, "/health/", "health", {}}}));
  CAPTURE(row.path);
  const auto routed = route(row.method, row.path);
  CHECK(routed.name == row.name);
  CHECK(routed.id == row.id);
}

TEST_CASE("where there is no endpoint, nothing is found whatever the method", "[http][router]") {
  const auto path = GENERATE(as<std::string>{}, "", "/", "/thing", "/thingsx", "/things/x", "/things/-1",
                             "/things/7x", "/things/7/8", "/things//7", "/things/9223372036854775808",
                             "/things/%37", "things/7", "/health/7");
  CAPTURE(path);
  CHECK(route(Method::get, path).status == 404);
  CHECK(route(Method::options, path).status == 404);
}

TEST_CASE("a method that a path does not have is refused with those it has", "[http][router]") {
  const auto refused = route(Method::put, "/things/7");
  CHECK(refused.status == 405);
  CHECK(refused.fields == "Allow: GET, HEAD, DELETE, OPTIONS\r\n");
  CHECK(route(Method::known, "/health").fields == "Allow: GET, HEAD, OPTIONS\r\n");
}

TEST_CASE("OPTIONS tells the methods of a path, and of the server with an asterisk", "[http][router]") {
  const auto told = route(Method::options, "/things/");
  CHECK(told.status == 204);
  CHECK(told.fields == "Allow: GET, HEAD, POST, OPTIONS\r\n");
  CHECK(route(Method::options, "*").fields == "Allow: GET, HEAD, POST, DELETE, OPTIONS\r\n");
}

TEST_CASE("a method that nobody implements is 501, whatever the path", "[http][router]") {
  CHECK(route(Method::other, "/things/").status == 501);
  CHECK(route(Method::other, "/nowhere").status == 501);
}
