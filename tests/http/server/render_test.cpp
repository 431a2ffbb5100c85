#include "http/server/render.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <string>

using namespace troupe;
using namespace troupe::http;

namespace {

std::string joined(const OutgoingBytes& bytes, std::size_t begin = 0) {
  std::string all;
  for (const auto piece : bytes.from(begin)) all += piece;
  return all;
}

}  // namespace

TEST_CASE("a body goes out behind its head, however large it is and whoever owns it") {
  const auto size = GENERATE(std::size_t{1}, 4'096U, 4'097U, 1'000'000U);
  const bool shared = GENERATE(false, true);
  CAPTURE(size, shared);
  const auto body = std::make_shared<const std::string>(size, 'b');
  const auto response =
      shared ? Response{200, "text/plain", {}, {}, body} : Response{200, "text/plain", {}, *body};
  const auto bytes = render(response, {});
  CHECK(bytes.size() == joined(bytes).size());
  CHECK(joined(bytes).ends_with("\r\n\r\n" + *body));
  CHECK(bytes.head.find("Content-Length: " + std::to_string(size) + "\r\n") != std::string::npos);
  for (const std::size_t begin : {std::size_t{1}, bytes.head.size(), bytes.size() - 1, bytes.size()}) {
    CHECK(joined(bytes, begin) == joined(bytes).substr(begin));
  }
}

TEST_CASE("a large body is handed on and not copied") {
  const auto page = std::make_shared<const std::string>(1'000'000, 'p');
  CHECK(render({200, "text/plain", {}, {}, page}, {}).body == page);
  std::string own(1'000'000, 'o');
  const char* const place = own.data();
  CHECK(render({200, "text/plain", {}, std::move(own)}, {}).body->data() == place);
}

TEST_CASE("an answer to HEAD tells the length of the body that it leaves out") {
  const auto page = std::make_shared<const std::string>(GENERATE(10, 100'000), 'p');
  const auto bytes = render({200, "text/plain", {}, {}, page}, {.head_only = true});
  CHECK(bytes.body == nullptr);
  CHECK(bytes.head.ends_with("\r\n\r\n"));
  CHECK(bytes.head.find("Content-Length: " + std::to_string(page->size()) + "\r\n") != std::string::npos);
}
