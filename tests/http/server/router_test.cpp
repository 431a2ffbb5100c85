#include "http/server/router.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "http/server/server_context.hpp"

using namespace troupe::http;

namespace {

Step begin_nothing(Exchange&, const ServerContext&) {
  return Response{204, {}, {}, {}};
}

Router router() {
  return Router({
      {Method::get, "/things/", "list", begin_nothing},
      {Method::post, "/things/", "create", begin_nothing},
      {Method::get, "/things/{id}", "get", begin_nothing},
      {Method::delete_, "/things/{id}", "delete", begin_nothing},
      {Method::get, "/lines/{order}/{number}", "line", begin_nothing},
      {Method::get, "/lines/7/today", "today", begin_nothing},
      {Method::get, "/health", "health", begin_nothing},
  });
}

struct Routed {
  std::string name;  ///< of the endpoint that was found
  std::string key;
  int status = 0;  ///< of the answer, when none was found
  std::string fields;
};

Routed route(Method method, const std::string& path) {
  Exchange exchange;
  exchange.request.method = method;
  exchange.request.path = path;
  const auto routes = router();
  const auto response = routes.route(exchange);
  if (response) return {{}, {}, response->status, response->fields};
  return {exchange.endpoint->name, std::string(exchange.key()), 0, {}};
}

}  // namespace

TEST_CASE("a method on a path finds its endpoint, with or without a slash at the end", "[http][router]") {
  struct Row {
    Method method;
    std::string path, name, key;
  };
  const auto row = GENERATE(values<Row>({{Method::get, "/things/", "list", {}},
                                         {Method::get, "/things", "list", {}},
                                         {Method::head, "/things/", "list", {}},
                                         {Method::post, "/things", "create", {}},
                                         {Method::get, "/things/7", "get", "7"},
                                         {Method::get, "/things/7/", "get", "7"},
                                         {Method::head, "/things/0", "get", "0"},
                                         {Method::delete_, "/things/a%2Fb", "delete", "a%2Fb"},
                                         {Method::get, "/lines/7/2", "line", "7/2"},
                                         {Method::get, "/lines/7/2/", "line", "7/2"},
                                         {Method::get, "/lines/7/today", "today", ""},
                                         {Method::get, "/health", "health", {}},
                                         {Method::get, "/health/", "health", {}}}));
  CAPTURE(row.path);
  const auto routed = route(row.method, row.path);
  CHECK(routed.name == row.name);
  CHECK(routed.key == row.key);
}

TEST_CASE("where there is no endpoint, nothing is found whatever the method", "[http][router]") {
  const auto path =
      GENERATE(as<std::string>{}, "", "/", "/thing", "/thingsx", "/things/7/8", "/things//7", "/things//",
               "/lines/", "/lines/7", "/lines//7", "/lines/7//", "/lines/1/2/3", "things/7", "/health/7");
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
