#include "http/limits/forwarded.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace troupe::http;

namespace {

/// "192.0.2.1 ? ::1", or "malformed".
std::string hops_as_text(const std::optional<Hops>& hops) {
  if (!hops) return "malformed";
  std::string text;
  for (const auto& hop : *hops) text += (text.empty() ? "" : " ") + (hop ? hop->to_string() : "?");
  return text;
}

}  // namespace

TEST_CASE("Forwarded is read as RFC 7239 writes it, and not otherwise") {
  const auto [list, hops] = GENERATE(table<std::string, std::string>({
      {"for=192.0.2.60", "192.0.2.60"},
      {"For=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"},
      {"for=192.0.2.43, for=198.51.100.17", "192.0.2.43 198.51.100.17"},
      {"for=192.0.2.43,for=198.51.100.17;by=203.0.113.60;proto=http;host=example.com",
       "192.0.2.43 198.51.100.17"},
      {R"(for="[2001:db8:cafe::17]:4711")", "2001:db8:cafe::17"},
      {R"(for="[2001:db8:cafe::17]")", "2001:db8:cafe::17"},
      {R"(for="192.0.2.43:47011")", "192.0.2.43"},
      {R"(for="192.0.2.43:_port")", "192.0.2.43"},
      {R"(for="[::ffff:192.0.2.43]")", "192.0.2.43"},
      {R"(for="\1\92.0.2.43")", "192.0.2.43"},
      {"for=unknown, for=192.0.2.1", "? 192.0.2.1"},
      {"for=_hidden, for=_SEVKISEK", "? ?"},
      {R"(for="_gazonk")", "?"},
      {"proto=https, for=192.0.2.1", "? 192.0.2.1"},
      {R"(host="a,for=10.0.0.1;x=y";for=192.0.2.1)", "192.0.2.1"},
      {R"(host="a\"b";for=192.0.2.1)", "192.0.2.1"},
      {" , for=192.0.2.1 ,, ", "192.0.2.1"},
      {"for=192.0.2.1;", "192.0.2.1"},
      {";for=192.0.2.1", "192.0.2.1"},
      {"", "malformed"},
      {",", "malformed"},
      {"192.0.2.1", "malformed"},
      {"for", "malformed"},
      {"for=", "malformed"},
      {"for=192.0.2.1:80", "malformed"},
      {"for=[::1]", "malformed"},
      {R"(for="::1")", "malformed"},
      {R"(for="[::1%lo]")", "malformed"},
      {R"(for="[::1]x")", "malformed"},
      {R"(for="[192.0.2.1]")", "malformed"},
      {R"(for="192.0.2.1:123456")", "malformed"},
      {R"(for="192.0.2.1:")", "malformed"},
      {R"(for=")", "malformed"},
      {R"(for="192.0.2.1\)", "malformed"},
      {R"(for="192.0.2.1"x)", "malformed"},
      {"for = 192.0.2.1", "malformed"},
      {"for=192.0.2.1 for=192.0.2.2", "malformed"},
      {"for=192.0.2.1 ;proto=http", "malformed"},
      {"for=192.0.2.1;for=192.0.2.2", "malformed"},
      {"for=192.0.2.1;proto=http;PROTO=http", "malformed"},
      {"for=example.com", "malformed"},
      {"for=192.0.2.1, nonsense", "malformed"},
      {R"(for="x, for="192.0.2.1")", "malformed"},
  }));
  CAPTURE(list);
  CHECK(hops_as_text(parse_forwarded(list)) == hops);
}

TEST_CASE("X-Forwarded-For is a list of addresses, and what is none of them is nobody") {
  const auto [list, hops] = GENERATE(table<std::string, std::string>({
      {"192.0.2.1", "192.0.2.1"},
      {"192.0.2.1, 198.51.100.2,2001:db8::1", "192.0.2.1 198.51.100.2 2001:db8::1"},
      {" 192.0.2.1 ,, ", "192.0.2.1"},
      {"192.0.2.1:4711, [2001:db8::1]:80, [2001:db8::2]", "192.0.2.1 2001:db8::1 2001:db8::2"},
      {"::ffff:192.0.2.1", "192.0.2.1"},
      {"unknown, 192.0.2.1", "? 192.0.2.1"},
      {"<script>, 192.0.2.1", "? 192.0.2.1"},
      {"192.0.2.1:http, 192.0.2.1:, 192.0.2.1 80, 192.0.2, 192.0.2.256", "? ? ? ? ?"},
      {"[192.0.2.1], [::1, ::1], ::1%lo, \"192.0.2.1\"", "? ? ? ? ?"},
      {"", ""},
      {" , ", ""},
  }));
  CAPTURE(list);
  CHECK(hops_as_text(parse_x_forwarded_for(list)) == hops);
}

TEST_CASE("however long the lists are, only so many hops are looked at") {
  std::string elements = "for=192.0.2.1", addresses = "unknown";
  for (std::size_t i = 1; i < most_hops; ++i) elements += ",for=192.0.2.1";
  CHECK(parse_forwarded(elements)->size() == most_hops);
  CHECK_FALSE(parse_forwarded(elements + ",for=192.0.2.1"));
  for (std::size_t i = 0; i < most_hops; ++i) addresses += ",192.0.2." + std::to_string(i);
  const auto hops = parse_x_forwarded_for(addresses);
  CHECK(hops.size() == most_hops);
  CHECK(hops.front()->to_string() == "192.0.2.0");
  CHECK(hops.back()->to_string() == "192.0.2.63");
}
