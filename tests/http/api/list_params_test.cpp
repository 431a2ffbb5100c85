#include <string>
#include <tuple>
#include <vector>

#include <catch2/catch.hpp>

#include "http/api/list_params.hpp"

using namespace troupe::http;
using namespace troupe::items;

namespace {

ListQuery parsed(std::string_view raw) {
  auto query = parse_list_params(raw);
  REQUIRE(query.has_value());
  return *query;
}

/// "limit int_parsing; after value_error"
std::string faults_of(std::string_view raw) {
  const auto query = parse_list_params(raw);
  if (query) return "";
  CHECK(query.error().kind == BodyError::Kind::malformed);
  std::string text;
  for (const auto& fault : query.error().faults) {
    REQUIRE(fault.loc.size() == 2);
    CHECK(fault.loc[0] == "query");
    if (!text.empty()) text += "; ";
    text += fault.loc[1] + ' ' + fault.type;
  }
  return text;
}

ItemPage page_ending_with(std::int64_t id, std::size_t items = 2) {
  ItemPage page;
  page.items.resize(items);
  page.items.back().id = id;
  page.more = true;
  return page;
}

}  // namespace

TEST_CASE("query parameters become a list query") {
  const auto [raw, expected] = GENERATE(table<std::string, ListQuery>({
      {"", {}},
      {"&", {}},
      {"limit=1", {.limit = 1}},
      {"limit=1000&offset=20", {.limit = 1000, .offset = 20}},
      {"offset=9223372036854775807", {.offset = 9223372036854775807}},
      {"after=5", {.after = 5}},
      {"after=5&offset=0&order=-id", {.after = 5, .descending = true}},
      {"after=-9223372036854775808", {.after = -9223372036854775807 - 1}},
      {"order=id", {}},
      {"order=name", {.order_by = OrderBy::name}},
      {"order=-price", {.order_by = OrderBy::price, .descending = true}},
      {"name=a+b%20c%2Bd", {.name = "a b c+d"}},
      {"name=%C3%A4%F0%9F%98%80", {.name = "ä😀"}},
      {"name=", {.name = ""}},
      {"name=a=b", {.name = "a=b"}},
      {"name", {.name = ""}},
      {"%6Eame=x", {.name = "x"}},
      {"in_stock=true", {.in_stock = true}},
      {"in_stock=0", {.in_stock = false}},
      {"in_stock=True&count=FALSE", {.in_stock = true}},
      {"min_price=1.5&max_price=2e3", {.min_price = 1.5, .max_price = 2000}},
      {"min_price=1e%2B16", {.min_price = 1e16}},
      {"min_price=-1", {.min_price = -1}},
      {"count=1", {.count = true}},
      {"unknown=1&filter=&x", {}},
      {"limit=x&limit=5&limit=7", {.limit = 7}},
  }));
  CAPTURE(raw);
  CHECK(parsed(raw) == expected);
}

TEST_CASE("every bad parameter is reported at once") {
  const auto [raw, expected] = GENERATE(table<std::string, std::string>({
      {"limit=0", "limit greater_than_equal"},
      {"limit=-99999999999999999999", "limit greater_than_equal"},
      {"limit=1001", "limit less_than_equal"},
      {"limit=99999999999999999999", "limit less_than_equal"},
      {"limit=", "limit int_parsing"},
      {"limit", "limit int_parsing"},
      {"limit=1.0", "limit int_parsing"},
      {"limit=+1", "limit int_parsing"},
      {"limit=1e2", "limit int_parsing"},
      {"limit=5&limit=x", "limit int_parsing"},
      {"offset=-1", "offset greater_than_equal"},
      {"offset=9223372036854775808", "offset less_than_equal"},
      {"after=a", "after int_parsing"},
      {"after=9223372036854775808", "after less_than_equal"},
      {"after=1&order=name", "after value_error"},
      {"after=1&order=-price", "after value_error"},
      {"after=1&offset=1", "after value_error"},
      {"order=", "order literal_error"},
      {"order=-", "order literal_error"},
      {"order=--id", "order literal_error"},
      {"order=ID", "order literal_error"},
      {"order=stock", "order literal_error"},
      {"name=%00", "name value_error"},
      {"name=%FF", "name string_unicode"},
      {"name=%ED%A0%80", "name string_unicode"},
      {"in_stock=yes", "in_stock bool_parsing"},
      {"in_stock=", "in_stock bool_parsing"},
      {"count=2", "count bool_parsing"},
      {"min_price=cheap", "min_price float_parsing"},
      {"min_price=1e+16", "min_price float_parsing"},  // the plus sign is a space here
      {"max_price=nan", "max_price finite_number"},
      {"max_price=-inf", "max_price finite_number"},
      {"max_price=1e999", "max_price finite_number"},
      {"count=x&max_price=x&min_price=x&in_stock=x&name=%FF&order=x&after=x&offset=x&limit=x",
       "limit int_parsing; offset int_parsing; after int_parsing; order literal_error; name string_unicode; "
       "in_stock bool_parsing; min_price float_parsing; max_price float_parsing; count bool_parsing"},
  }));
  CAPTURE(raw);
  CHECK(faults_of(raw) == expected);
}

TEST_CASE("a query that is not percent-encoded is malformed as a whole") {
  const auto raw = GENERATE(as<std::string>(), "name=%", "name=%4", "name=%zz", "x=%", "name=a b",
                            "name=\xC3\xA4", "name=<a>");
  const auto query = parse_list_params(raw);
  CAPTURE(raw);
  REQUIRE_FALSE(query.has_value());
  CHECK(query.error().kind == BodyError::Kind::malformed);
  CHECK(query.error().faults.empty());
  CHECK_FALSE(query.error().detail.empty());
}

TEST_CASE("the next page is asked for by id when the list is by id, else by offset") {
  const auto [query, expected] = GENERATE(table<ListQuery, std::string>({
      {ListQuery(), "limit=100&after=42"},
      {{.limit = 2, .after = 40}, "limit=2&after=42"},
      {{.limit = 2, .descending = true}, "limit=2&after=42&order=-id"},
      {{.limit = 2, .offset = 10}, "limit=2&offset=12"},
      {{.limit = 2, .order_by = OrderBy::name}, "limit=2&offset=2&order=name"},
      {{.limit = 2, .offset = 4, .order_by = OrderBy::price, .descending = true},
       "limit=2&offset=6&order=-price"},
      {{.name = "a b&c=d+ä%", .in_stock = false, .min_price = 1e16, .max_price = 1e300, .count = true},
       "limit=100&after=42&name=a%20b%26c%3Dd%2B%C3%A4%25&in_stock=false&min_price=1e%2B16&max_price=1e%"
       "2B300&"
       "count=true"},
  }));
  CHECK(next_link_query(query, page_ending_with(42)) == expected);
}

TEST_CASE("a next link reads back as the same list, one page on") {
  const auto order_by = GENERATE(OrderBy::id, OrderBy::name, OrderBy::price);
  const auto descending = GENERATE(false, true);
  const auto offset = GENERATE(as<std::int64_t>(), 0, 7);
  const auto name = GENERATE(values<std::optional<std::string>>({std::nullopt, "", "ä&=+% #?/\"<>😀\x01"}));
  const auto price =
      GENERATE(values<std::optional<double>>({std::nullopt, 0.1, 5e-324, 1.7976931348623157e308}));
  ListQuery query{.limit = 2, .offset = offset, .order_by = order_by, .descending = descending};
  query.name = name;
  query.min_price = price;
  query.max_price = price;
  query.in_stock = name.has_value() ? std::optional(true) : std::nullopt;
  query.count = descending;

  const ListQuery next = parsed(next_link_query(query, page_ending_with(42)));
  ListQuery expected = query;
  if (order_by == OrderBy::id && offset == 0) {
    expected.after = 42;
  } else {
    expected.offset = offset + 2;
  }
  CHECK(next == expected);
}
