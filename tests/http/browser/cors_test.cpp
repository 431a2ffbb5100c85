#include "http/browser/cors.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <string>

using namespace troupe;
using namespace troupe::http;
using namespace std::chrono_literals;

namespace {

std::string fields_for(const CorsSettings& settings, const Cors::Asked& asked, int status = 200,
                       std::string fields = {}) {
  Cors(settings).add_fields(asked, status, fields);
  return fields;
}

bool has_line(const std::string& fields, const std::string& line) {
  return ("\n" + fields).find("\n" + line + "\r\n") != std::string::npos;
}

const CorsSettings two{.origins = "https://a.example,http://b.example:81"};

}  // namespace

TEST_CASE("without origins nothing is added") {
  CHECK(fields_for({}, {.origin = "https://a.example"}) == "");
}

TEST_CASE("a named origin is repeated, also on errors, and a script may read what we send") {
  const auto status = GENERATE(200, 404, 503);
  const auto fields = fields_for(two, {.origin = "http://b.example:81"}, status, "Vary: Accept\r\n");
  CHECK(has_line(fields, "Vary: Origin, Accept"));
  CHECK(has_line(fields, "Access-Control-Allow-Origin: http://b.example:81"));
  CHECK(fields.find("Access-Control-Expose-Headers: ") != std::string::npos);
  CHECK(fields.find("ETag, ") != std::string::npos);
  CHECK(fields.find("Credentials") == std::string::npos);
}

TEST_CASE("another origin, or none, is only told that the answer depends on it") {
  const std::string origin =
      GENERATE("", "https://a.example.evil", "https://a.exampl", "http://a.example", "https://A.example",
               "https://a.example, https://a.example", "null", "https://a.example,http://b.example:81");
  CAPTURE(origin);
  CHECK(fields_for(two, {.origin = origin}) == "Vary: Origin\r\n");
  CHECK(fields_for(two, {.origin = origin, .wanted_method = "PUT", .options = true}, 204,
                   "Allow: GET, PUT\r\n") == "Allow: GET, PUT\r\nVary: Origin\r\n");
}

TEST_CASE("any origin is a star, whatever it is, and the same answer for all") {
  const auto fields = fields_for({.origins = "*"}, {.origin = "https://c.example"});
  CHECK(has_line(fields, "Access-Control-Allow-Origin: *"));
  CHECK(fields.find("Vary") == std::string::npos);
  CHECK(fields_for({.origins = "*"}, {}) == "");
}

TEST_CASE("a preflight is told the path's methods, the fields, and for how long that holds") {
  const auto fields = fields_for({.origins = "https://a.example", .credentials = true, .max_age = 90s},
                                 {.origin = "https://a.example", .wanted_method = "PUT", .options = true},
                                 204, "Allow: GET, HEAD, PUT, OPTIONS\r\n");
  CHECK(has_line(fields, "Access-Control-Allow-Methods: GET, HEAD, PUT, OPTIONS"));
  CHECK(has_line(fields, "Access-Control-Allow-Credentials: true"));
  CHECK(has_line(fields, "Access-Control-Max-Age: 90"));
  CHECK(fields.find("Access-Control-Allow-Headers: Authorization, Content-Type, If-Match") !=
        std::string::npos);
  CHECK(fields.find("Expose") == std::string::npos);
}

TEST_CASE("a value joins the list of a field that is there, and of no other of a longer name") {
  std::string fields = "X-Vary: a\r\nVary: b\r\n";
  add_to_field("Vary", "c", fields);
  CHECK(fields == "X-Vary: a\r\nVary: c, b\r\n");
  add_to_field("Allow", "d", fields);
  CHECK(fields == "X-Vary: a\r\nVary: c, b\r\nAllow: d\r\n");
}
