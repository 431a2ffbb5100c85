#include "http/api/list_params.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "helpers/item_commands.hpp"
#include "http/api/cursor.hpp"
#include "postgres/catalogue/list_statement.hpp"
#include "postgres/wire/rows_builder.hpp"
#include "schema/element.hpp"

using namespace troupe;
using namespace troupe::http;
using namespace troupe::tests;
using schema::BodyError;
using schema::ListQuery;
using schema::Resource;
using schema::TypeKind;

namespace {

const Resource& items() {
  return shared_items()->resource;
}

/// A table with a column of nearly every kind, some of them called as a parameter is.
const Resource& orders() {
  static const Resource resource = [] {
    Resource made;
    made.name = "orders";
    made.path = "/orders/";
    made.table = "orders";
    made.singular = "row";
    const auto add = [&](const char* name, TypeKind kind) -> schema::Column& {
      schema::Column column;
      column.name = name;
      column.type.kind = kind;
      return made.columns.emplace_back(std::move(column));
    };
    add("shop", TypeKind::text).nullable = false;
    add("number", TypeKind::integer).nullable = false;
    add("limit", TypeKind::integer);
    add("status", TypeKind::enumeration).type.labels = {"open", "sent"};
    add("total", TypeKind::numeric);
    add("placed_at", TypeKind::timestamptz);
    add("tags", TypeKind::array).type.element = {schema::Type{}};
    add("extra", TypeKind::json);
    made.key = {0, 1};
    made.filters =
        std::vector<std::string>{"shop", "number", "limit", "status", "total", "placed_at", "extra"};
    made.finish();
    return made;
  }();
  return resource;
}

constexpr const char* lookup_signs[] = {"=", "<>", ">", ">=", "<", "<=", " in ", "~", "~*", "^", " null "};

std::string text_of(const schema::Column& column, const schema::Filter& filter) {
  std::string text = column.name + lookup_signs[static_cast<std::size_t>(filter.lookup)];
  if (filter.lookup == schema::Lookup::isnull) return text + (filter.wants_null ? "true" : "false");
  std::string_view elements = filter.elements;
  for (std::size_t i = 0; i < filter.count; ++i) {
    const auto value = schema::take_element(elements).value();
    if (i > 0) text += ',';
    if (column.wire_form() == schema::WireForm::text) {
      text += value;
    } else if (column.wire_form() == schema::WireForm::boolean) {
      text += value.front() == 1 ? "true" : "false";
    } else if (column.wire_form() == schema::WireForm::integer) {
      text += std::to_string(schema::integer_of(value));
    } else {
      column.codec->write_json(value, column, text);
    }
  }
  CHECK(elements.empty());
  return text;
}

/// "name=a price>=1.5 | id | after 00.. | limit 5 | offset 7 | fields | count": what differs from the
/// default.
std::string text_of(const Resource& resource, const ListQuery& query) {
  std::string text;
  for (const auto& filter : query.filters) {
    if (!text.empty()) text += ' ';
    text += text_of(resource.columns[filter.place], filter);
  }
  text += '|';
  for (const auto& term : query.order) {
    if (text.back() != '|') text += ',';
    text += (term.descending ? "-" : "") + resource.columns[term.place].name;
  }
  if (query.after) text += " after " + write_cursor(resource, query.order, *query.after);
  if (query.limit != resource.default_limit) text += " limit " + std::to_string(query.limit);
  if (query.offset != 0) text += " offset " + std::to_string(query.offset);
  for (const auto place : query.fields) text += " +" + resource.columns[place].name;
  if (query.count) text += " count";
  return text;
}

std::string parsed(const Resource& resource, std::string_view raw) {
  const auto query = parse_list_params(resource, raw);
  REQUIRE(query.has_value());
  return text_of(resource, *query);
}

/// "limit int_parsing; after value_error"
std::string faults_of(const Resource& resource, std::string_view raw) {
  const auto query = parse_list_params(resource, raw);
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

/// A page of two items and more behind it, whose last one has this id.
actors::ListAnswer page_of(std::string_view raw, std::int64_t last_id) {
  auto query = *parse_list_params(items(), raw);
  query.limit = 2;
  postgres::Params params;
  auto statement = postgres::list_statement(items(), query, params);
  const auto first = static_cast<int>(statement.first_column);
  postgres::RowsBuilder rows(first + static_cast<int>(statement.shown.size()));
  const auto item = item_answer(last_id, "name");
  const auto one = schema::wire_integer(1);
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < first; ++column) rows.set(row, column, one);
    for (std::size_t i = 0; i < statement.shown.size(); ++i)
      rows.set(row, first + static_cast<int>(i), item.rows->cell(0, static_cast<int>(statement.shown[i])));
  }
  return {shared_items(), std::make_shared<const ListQuery>(std::move(query)), std::move(statement),
          rows.take()};
}

}  // namespace

TEST_CASE("query parameters of the items API become a list query") {
  const auto [raw, expected] = GENERATE(table<std::string, std::string>({
      {"", "|id"},
      {"&", "|id"},
      {"limit=1", "|id limit 1"},
      {"limit=1000&offset=20", "|id limit 1000 offset 20"},
      {"offset=1000000", "|id offset 1000000"},
      {"after=5", "|id after 5"},
      {"after=5&offset=0&order=-id", "|-id after 5"},
      {"after=-9223372036854775808", "|id after -9223372036854775808"},
      {"order=id", "|id"},
      {"order=name", "|name,id"},
      {"order=-price", "|-price,-id"},
      {"order=-price,name", "|-price,name,id"},
      {"order=price,-price,name,price,name", "|price,name,id"},
      {"order=name,-name", "|name,id"},
      {"name=a+b%20c%2Bd", "name=a b c+d|id"},
      {"name=%C3%A4%F0%9F%98%80", "name=ä😀|id"},
      {"name=", "name=|id"},
      {"name=a=b", "name=a=b|id"},
      {"name", "name=|id"},
      {"%6Eame=x", "name=x|id"},
      {"in_stock=true", "in_stock=true|id"},
      {"in_stock=0", "in_stock=false|id"},
      {"in_stock=True&count=FALSE", "in_stock=true|id"},
      {"min_price=1.5&max_price=2e3", "price>=1.5 price<=2000.0|id"},
      {"min_price=1e%2B16", "price>=1e+16|id"},
      {"min_price=-1", "price>=-1.0|id"},
      {"count=1", "|id count"},
      {"unknown=1&filter=&x", "|id"},
      {"limit=x&limit=5&limit=7", "|id limit 7"},
      {"fields=name,id,name", "|id +name +id"},
      {"name__icontains=%25", "name~*%|id"},
  }));
  CAPTURE(raw);
  CHECK(parsed(items(), raw) == expected);
}

TEST_CASE("a column of any table is filtered with lookups, and ordered by") {
  const auto [raw, expected] = GENERATE(table<std::string, std::string>({
      {"status=open&total__gte=100&order=-placed_at", "status=open total>=100|-placed_at,-shop,-number"},
      {"total__gt=1.10", "total>1.10|shop,number"},
      {"total__lt=1&total__lte=2&total__ne=3", "total<1 total<=2 total<>3|shop,number"},
      {"number__in=1,2,30", "number in 1,2,30|shop,number"},
      {"status__in=sent", "status in sent|shop,number"},
      {"shop__contains=a%25b&shop__startswith=x", "shop~a%b shop^x|shop,number"},
      {"placed_at__isnull=true&extra__isnull=0", "placed_at null true extra null false|shop,number"},
      {"limit__exact=5&limit=3", "limit=5|shop,number limit 3"},
      {"order=limit,-shop", "|limit,-shop,-number"},
      {"fields=total,limit", "|shop,number +total +limit"},
  }));
  CAPTURE(raw);
  CHECK(parsed(orders(), raw) == expected);
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
      {"after=9223372036854775808", "after int_parsing"},
      {"after=1&order=name", "after value_error"},
      {"after=1&offset=1", "after value_error"},
      {"order=", "order literal_error"},
      {"order=-", "order literal_error"},
      {"order=--id", "order literal_error"},
      {"order=ID", "order literal_error"},
      {"order=stock", "order literal_error"},
      {"order=name,", "order literal_error"},
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
      {"fields=name,colour", "fields literal_error"},
      {"price__contains=1", "price__contains value_error"},
      {"name__isnull=maybe", "name__isnull bool_parsing"},
      {"count=x&in_stock=x&name=%FF&order=x&offset=x&limit=x",
       "limit int_parsing; offset int_parsing; order literal_error; count bool_parsing; in_stock "
       "bool_parsing; "
       "name string_unicode"},
  }));
  CAPTURE(raw);
  CHECK(faults_of(items(), raw) == expected);
}

TEST_CASE("a table's list refuses what it does not know or may not be asked, and names the nearest") {
  const auto [raw, expected] = GENERATE(table<std::string, std::string>({
      {"statsu=open", "statsu extra_forbidden"},
      {"total__gtr=1", "total__gtr extra_forbidden"},
      {"status=closed", "status enum"},
      {"total=x", "total decimal_parsing"},
      {"placed_at=yesterday", "placed_at datetime_parsing"},
      {"number__in=1,,2", "number__in int_parsing"},
      {"extra=1", "extra value_error"},
      {"tags__isnull=true", "tags__isnull value_error"},  // not among the filters
      {"order=tags", "order literal_error"},
      {"after=00", "after value_error"},
  }));
  CAPTURE(raw);
  CHECK(faults_of(orders(), raw) == expected);
  const auto told = parse_list_params(orders(), "statsu=open").error().faults.front().msg;
  CHECK_THAT(told, Catch::EndsWith("is it status?"));
}

TEST_CASE("of one row, fields is all that can be asked for") {
  CHECK(*parse_row_params(orders(), "fields=status,shop") == std::vector<std::size_t>{3, 0});
  CHECK(parse_row_params(orders(), "fields=")->empty());
  const auto faults = parse_row_params(orders(), "fields=stauts&limit=1").error().faults;
  REQUIRE(faults.size() == 2);
  CHECK(faults[0].type == "literal_error");
  CHECK(faults[1].msg == "limit is no parameter of a row: fields is");
  CHECK(parse_row_params(orders(), "x=%").has_error());
  CHECK(*parse_row_params(items(), "limit=1&fields=id") == std::vector<std::size_t>{0});
  CHECK(parse_row_params(items(), "x=%")->empty());
}

TEST_CASE("a query that is not percent-encoded is malformed as a whole") {
  const auto raw = GENERATE(as<std::string>(), "name=%", "name=%4", "name=%zz", "x=%", "name=a b",
                            "name=\xC3\xA4", "name=<a>");
  const auto query = parse_list_params(items(), raw);
  CAPTURE(raw);
  REQUIRE_FALSE(query.has_value());
  CHECK(query.error().kind == BodyError::Kind::malformed);
  CHECK(query.error().faults.empty());
  CHECK_FALSE(query.error().detail.empty());
}

TEST_CASE("the next page begins behind the last row, or goes on by offset when it was asked for so") {
  const auto [raw, expected] = GENERATE(table<std::string, std::string>({
      {"", "|id after 42 limit 2"},
      {"after=40", "|id after 42 limit 2"},
      {"order=-id", "|-id after 42 limit 2"},
      {"offset=10", "|id limit 2 offset 12"},
      {"name=a+b%26c%3Dd%2B%C3%A4%25&in_stock=false&min_price=1e%2B16&count=true",
       "name=a b&c=d+ä% in_stock=false price>=1e+16|id after 42 limit 2 count"},
      {"fields=name", "|id after 42 limit 2 +name"},
  }));
  CAPTURE(raw);
  CHECK(parsed(items(), next_link_query(items(), raw, page_of(raw, 42))) == expected);
}

TEST_CASE("a cursor reads back in its own order, and in no other") {
  const auto order = GENERATE(as<std::string>(), "name", "-price", "price,-name", "in_stock", "-description");
  CAPTURE(order);
  const auto next = next_link_query(items(), "order=" + order, page_of("order=" + order, 42));
  const auto query = parse_list_params(items(), next);
  REQUIRE(query.has_value());
  REQUIRE(query->after.has_value());
  std::string_view elements = *query->after;
  for (std::size_t i = 0; i + 1 < query->order.size(); ++i) schema::take_element(elements);
  CHECK(schema::integer_of(schema::take_element(elements).value()) == 42);
  CHECK_FALSE(parse_list_params(items(), next + "&order=id,name").has_value());
}

TEST_CASE("a list skips only so many rows, and behind these a cursor goes on") {
  const auto offset_of = [](const std::string& offset, std::uint64_t most) -> std::int64_t {
    const auto query = parse_list_params(items(), "offset=" + offset, most);
    return query ? query->offset : -1;
  };
  CHECK(offset_of("10", 10) == 10);
  CHECK(offset_of("11", 10) == -1);
  CHECK(offset_of("0", 0) == 0);
  CHECK(offset_of("1", 0) == -1);
  CHECK(offset_of("9223372036854775807", 9223372036854775807U) == 9223372036854775807);
  CHECK(offset_of("9223372036854775808", 9223372036854775807U) == -1);
  const auto fault = parse_list_params(items(), "offset=11", 10).error().faults.at(0);
  CHECK(fault.type == "less_than_equal");
  CHECK(fault.msg ==
        "offset must be less than or equal to 10: to go further use after, as the Link of a page says it");

  CHECK(next_link_query(items(), "offset=8", page_of("offset=8", 42), 10) == "limit=2&offset=10");
  CHECK(next_link_query(items(), "offset=9", page_of("offset=9", 42), 10) == "limit=2&after=42");
}
