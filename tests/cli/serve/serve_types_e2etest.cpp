// Every type with the values at its ends: what PostgreSQL has is what clients get, and what they send back is
// what PostgreSQL had, by every operation, in both formats. PostgreSQL's own text output is the judge.
#include <array>
#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "helpers/http_client.hpp"
#include "helpers/resource_server.hpp"

using namespace troupe::tests;

namespace {

/// What clients can do with values of a type.
enum class Reach {
  everything,
  no_filter,  ///< it has no equality here
  json_only,  ///< nor is its number a double, which MessagePack makes of it
};

struct TypeCase {
  std::string type;
  std::vector<std::string> literals;  ///< SQL
  Reach reach = Reach::everything;
};

const std::string types_sql = R"sql(
CREATE TYPE mood AS ENUM ('sad', 'o''k', 'ha"p\py', 'é😀', 'a,b');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN code3 AS varchar(3);
CREATE DOMAIN short_code AS code3;
CREATE DOMAIN any_mood AS mood;
CREATE DOMAIN numbers AS int[];
CREATE DOMAIN any_pair AS pair;
)sql";

std::vector<TypeCase> numbers() {
  return {
      {"boolean", {"true", "false"}},
      {"smallint", {"-32768", "0", "32767"}},
      {"integer", {"-2147483648", "2147483647"}},
      {"bigint", {"-9223372036854775808", "9223372036854775807", "9007199254740993"}},
      {"real",
       {"0.1", "'NaN'", "'Infinity'", "'-Infinity'", "'-0'", "3.4028235e38", "1e-45", "1.17549435e-38",
        "16777217"}},
      {"double precision",
       {"0.1", "'NaN'", "'Infinity'", "'-Infinity'", "'-0'", "1.7976931348623157e308", "5e-324",
        "2.2250738585072014e-308", "1e22", "1e15", "0.30000000000000004"}},
      {"numeric",
       {"0", "0.00", "-0.10", "1.10", "'NaN'", "'Infinity'", "'-Infinity'", "1e-50", "1e131071", "1e-16383",
        "12345678901234567890123456789.123456789"}},
      {"numeric(10,2)", {"99999999.99", "-0.01", "'NaN'"}},
      {"numeric(5,-2)", {"12300", "-9999900"}},
      {"numeric(3,5)", {"0.00999"}},
      {"positive", {"2147483647"}},
  };
}

std::vector<TypeCase> texts() {
  return {
      {"text",
       {"''", "' '", "'null'", "'{}'", R"(E'\u0001\n\t\\"/\'')", "E'\\x7f'", "'😀é\u2028'",
        "repeat('é', 900)"}},
      {"varchar(5)", {"''", "'abcde'", "'😀😀😀😀😀'"}},
      {"varchar", {"'abc'"}},
      {"char(5)", {"'a'", "'abcde'", "''"}},
      {"char(1)", {"'x'"}},
      {"name", {"repeat('n', 63)"}},
      {"code3", {"'abc'"}},
      {"short_code", {"'abc'"}},
      {"uuid", {"'00000000-0000-0000-0000-000000000000'", "'FFFFFFFF-ffff-ffff-ffff-ffffffffffff'"}},
      {"bytea", {R"('\x')", R"('\x00ff')", "decode(repeat('ab', 500), 'hex')"}},
      {"mood", {"'sad'", "'o''k'", R"('ha"p\py')", "'é😀'", "'a,b'"}},
      {"any_mood", {"'sad'", "'a,b'"}},
  };
}

std::vector<TypeCase> times() {
  return {
      {"date",
       {"'2000-02-29'", "'infinity'", "'-infinity'", "'4713-11-24 BC'", "'5874897-12-31'", "'0001-01-01'",
        "'0001-12-31 BC'", "'0005-02-29 BC'"}},
      {"time", {"'00:00'", "'24:00:00'", "'23:59:59.999999'", "'12:00:00.5'"}},
      {"timestamp",
       {"'2000-02-29 12:00'", "'infinity'", "'-infinity'", "'4713-11-24 00:00:00 BC'",
        "'294276-12-31 23:59:59.999999'", "'2024-01-01 00:00:00.000001'"}},
      {"timestamptz",
       {"'2000-02-29 12:00+02'", "'infinity'", "'-infinity'", "'4713-11-24 00:00:00 UTC BC'",
        "'294276-12-31 23:59:59.999999 UTC'", "'0001-01-01 UTC'"}},
      {"interval",
       {"'1 day 02:30'", "'-1 year 2 mons -3 days 04:05:06.789'", "'0'", "'178000000 years'",
        "'1 mon -1 day'", "'00:00:00.000001'"}},
  };
}

std::vector<TypeCase> nested() {
  return {
      {"json", {R"('{"a":1.0}')", R"('"x"')", "'[]'"}, Reach::no_filter},
      {"json", {"'0.1e1'", R"('{"a":1,"a":2.50}')"}, Reach::json_only},
      {"jsonb",
       {R"('{"a": 1.5, "b": [null, true]}')", "'{}'", R"('"😀"')", "'18446744073709551615'"},
       Reach::no_filter},
      {"jsonb", {"'1e400'", "'12345678901234567890.50'"}, Reach::json_only},
      {"int[]", {"'{}'", "'{1,NULL,-3}'", "'{{1,2},{3,4}}'", "'{{{1}}}'"}, Reach::no_filter},
      {"numbers", {"'{1,2}'"}, Reach::no_filter},
      {"bigint[]", {"'{9223372036854775807,-9223372036854775808}'"}, Reach::no_filter},
      {"text[]",
       {"'{}'", R"(ARRAY['', NULL, 'NULL', 'a,b', 'q"', '{}', E'\\', ' ', '😀'])"},
       Reach::no_filter},
      {"boolean[]", {"'{t,f,NULL}'"}, Reach::no_filter},
      {"real[]", {"'{0.1,NaN,Infinity,-Infinity,1e-45,-0}'"}, Reach::no_filter},
      {"float8[]", {"'{0.1,NaN,-0,5e-324,1.7976931348623157e308}'"}, Reach::no_filter},
      {"numeric[]", {"'{1.10,NaN,1e-20,12345678901234567890.123,Infinity}'"}, Reach::json_only},
      {"uuid[]", {"'{00000000-0000-0000-0000-000000000000}'"}, Reach::no_filter},
      {"date[]", {"'{2024-01-01,infinity,0044-03-15 BC}'"}, Reach::no_filter},
      {"timestamp[]", {"'{2024-01-01 12:00,infinity,0044-03-15 12:00:00 BC}'"}, Reach::no_filter},
      {"timestamptz[]", {"'{2024-01-01 12:00:00.5+00,-infinity}'"}, Reach::no_filter},
      {"interval[]", {"'{1 day,02:00:00}'"}, Reach::no_filter},
      {"jsonb[]", {R"(ARRAY['{"a":[1]}'::jsonb, '"x"', '[1,2]', NULL])"}, Reach::no_filter},
      {"bytea[]", {R"(ARRAY['\x00ff'::bytea, '\x'])"}, Reach::no_filter},
      {"mood[]", {R"(ARRAY['sad', 'a,b', 'ha"p\py']::mood[])"}, Reach::no_filter},
      {"positive[]", {"'{1,2}'"}, Reach::no_filter},
      {"inet[]", {"'{10.0.0.1,::1/64}'"}, Reach::no_filter},
      {"pair[]", {R"(ARRAY[ROW(1, 'a"b'), ROW(NULL, NULL), NULL]::pair[])"}, Reach::no_filter},
  };
}

/// Types that are served through their text.
std::vector<TypeCase> others() {
  return {
      {"inet", {"'10.0.0.1'", "'10.0.0.0/8'", "'::1'"}, Reach::no_filter},
      {"cidr", {"'10.0.0.0/8'"}, Reach::no_filter},
      {"macaddr", {"'08:00:2b:01:02:03'"}, Reach::no_filter},
      {"timetz", {"'12:00:00+02'", "'23:59:59.999999-15:59:59'"}, Reach::no_filter},
      {"money", {"-92233720368547758.08"}, Reach::no_filter},
      {"bit(8)", {"B'10101010'"}, Reach::no_filter},
      {"bit varying", {"B'101'", "B''"}, Reach::no_filter},
      {"\"char\"", {"'x'", "''"}, Reach::no_filter},
      {"point", {"'(1,2.5)'"}, Reach::no_filter},
      {"polygon", {"'((0,0),(1,1))'"}, Reach::no_filter},
      {"tsvector", {"'''a'':1A ''b c'':2'"}, Reach::no_filter},
      {"tsquery", {"'''a'' & ''b'''"}, Reach::no_filter},
      {"int4range", {"'[1,5)'", "'empty'", "'(,)'"}, Reach::no_filter},
      {"tstzrange", {R"('["2024-01-01 00:00:00+00",)')"}, Reach::no_filter},
      {"oid", {"4294967295"}, Reach::no_filter},
      {"pg_lsn", {"'16/B374D848'"}, Reach::no_filter},
      {"pair", {R"(ROW(1, 'a"b'))", "ROW(1, NULL)", "ROW(NULL, NULL)"}, Reach::no_filter},
      {"any_pair", {"ROW(1, NULL)"}, Reach::no_filter},
  };
}

/// A format, as bytes of requests and answers.
struct Format {
  std::string media_type;
  std::string opening;  ///< what precedes the id of a row of both columns
  std::string value_key;
  std::string closing;
};
const std::array<Format, 2> formats = {
    {{"application/json", "{\"id\":", ",\"v\":", "}"}, {"application/msgpack", "\x82\xA2id", "\xA1v", ""}}};

std::string number_in(const Format& format, int number) {
  if (!format.closing.empty()) return std::to_string(number);
  return {'\xCD', static_cast<char>(number >> 8), static_cast<char>(number & 0xFF)};
}

/// Copies rows of one table by what the server tells of them.
class Copier {
 public:
  Copier(HttpClient& client, const TypeCase& type, std::string path)
      : client_(client), type_(type), path_(std::move(path)) {}

  /// Copies the row to ids of its own by every operation. Returns how many copies there are to be.
  void copy(int id, const Format& format) {
    const auto value = value_of(ask("GET", id, format, {}, 200), format);
    const bool json = !format.closing.empty();
    const int first = id + (json ? 100 : 600);
    const auto row = [&](int copy) {
      return format.opening + number_in(format, copy) + format.value_key + value + format.closing;
    };
    const auto change = json ? "{\"v\":" + value + "}" : "\x81\xA1v" + value;
    const auto empty = std::string(json ? "{}" : "\x80");
    expect(ask("POST", 0, format, row(first), 201), format, value);
    const auto rows = json ? "[" + row(first + 100) + "]" : "\x91" + row(first + 100);
    expect(ask("POST", 0, format, rows, 201), format, value);
    expect(ask("PUT", first + 200, format, change, 201), format, value);
    ask("PUT", first + 300, format, empty, 201);
    expect(ask("PUT", first + 300, format, change, 200), format, value);
    ask("PUT", first + 400, format, empty, 201);
    expect(ask("PATCH", first + 400, format, change, 200), format, value);
  }

  /// A filter by the row's own value finds it.
  void find(int id) {
    const auto value = value_of(ask("GET", id, formats[0], {}, 200), formats[0]);
    const auto text = value.front() == '"' ? std::string(boost::json::parse(value).as_string()) : value;
    if (text.size() > 2000) return;  // no target is that long
    for (const std::string lookup : {"v=", "v__gte=", "v__lte=", "v__in="}) {
      if (lookup == "v__in=" && text.find(',') != std::string::npos) continue;
      CAPTURE(lookup, text);
      const auto found =
          client_.ask("GET", path_ + "?fields=id&limit=1000&" + lookup + percent_encoded(text));
      CHECK(found.status == 200);
      CHECK(found.body.find("{\"id\":" + std::to_string(id) + "}") != std::string::npos);
    }
  }

 private:
  std::string ask(const std::string& method, int id, const Format& format, const std::string& body,
                  int status) {
    CAPTURE(method, id, format.media_type, body);
    const auto fields = "Accept: " + format.media_type + "\r\n" +
                        (body.empty() ? "" : "Content-Type: " + format.media_type + "\r\n");
    const auto answer = client_.ask(method, path_ + (id == 0 ? "" : std::to_string(id)), fields, body);
    CAPTURE(answer.body);
    CHECK(answer.status == status);
    return answer.body;
  }

  static std::string value_of(const std::string& body, const Format& format) {
    const auto begin = body.find(format.value_key);
    if (begin == std::string::npos) return "?";
    const auto rest = body.substr(begin + format.value_key.size());
    return rest.substr(0, rest.size() - format.closing.size());
  }

  /// The answer shows the value; of an array, within its bracket.
  void expect(const std::string& body, const Format& format, const std::string& value) const {
    CAPTURE(type_.type, body);
    CHECK(body.find(format.value_key + value) != std::string::npos);
  }

  HttpClient& client_;
  const TypeCase& type_;
  std::string path_;
};

std::string table_sql(const std::vector<TypeCase>& types) {
  std::string sql = types_sql + "SET TimeZone = 'UTC';";
  for (std::size_t i = 0; i < types.size(); ++i) {
    const auto table = "t" + std::to_string(i);
    sql += "CREATE TABLE " + table + " (id int PRIMARY KEY, v " + types[i].type + ");";
    int id = 1;
    for (const auto& literal : types[i].literals)
      sql += "INSERT INTO " + table + " VALUES (" + std::to_string(id++) + ", " + literal + ");";
  }
  return sql;
}

/// All copies of a row have the text that PostgreSQL tells of the row itself.
void check_copies(ResourceServer& server, const std::string& table, const TypeCase& type) {
  const auto different = server.sql().run("SELECT c.id, format('%s', c.v), format('%s', o.v) FROM " + table +
                                          " c JOIN " + table +
                                          " o ON o.id = c.id % 100 "
                                          "WHERE format('%s', c.v) <> format('%s', o.v)");
  for (const auto& row : different) {
    CAPTURE(type.type, row[0], row[1], row[2]);
    CHECK(row[1] == row[2]);
  }
  const auto copies = type.literals.size() * (type.reach == Reach::json_only ? 6 : 11);
  CHECK(server.sql().value("SELECT count(v IS DISTINCT FROM NULL OR NULL) FROM " + table) ==
        std::to_string(copies));
}

}  // namespace

TEST_CASE("a value of any type survives every operation in both formats", "[e2e]") {
  const auto types = GENERATE(numbers(), texts(), times(), nested(), others());
  ResourceServer server(table_sql(types));
  HttpClient client(server.port());
  for (std::size_t i = 0; i < types.size(); ++i) {
    const auto& type = types[i];
    CAPTURE(type.type);
    const auto table = "t" + std::to_string(i);
    Copier copier(client, type, "/" + table + "/");
    for (int id = 1; id <= static_cast<int>(type.literals.size()); ++id) {
      CAPTURE(type.literals[static_cast<std::size_t>(id - 1)]);
      copier.copy(id, formats[0]);
      if (type.reach != Reach::json_only) copier.copy(id, formats[1]);
      if (type.reach == Reach::everything) copier.find(id);
    }
    check_copies(server, table, type);
  }
}
