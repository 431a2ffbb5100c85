#include <optional>
#include <string>
#include <tuple>

#include <catch2/catch.hpp>

#include "http/api/negotiation.hpp"

using troupe::ContentFormat;
using namespace troupe::http;

namespace {

const auto json = std::optional(ContentFormat::json);
const auto msgpack = std::optional(ContentFormat::msgpack);
const auto none = std::optional<ContentFormat>();

std::string name(std::optional<ContentFormat> format) {
  if (!format) return "none";
  return *format == ContentFormat::json ? "json" : "msgpack";
}

}  // namespace

TEST_CASE("the form of the answer follows Accept (RFC 9110 section 12.5.1)") {
  const auto [accept, expected] = GENERATE(table<std::string, std::optional<ContentFormat>>({
      {"", json},
      {" , ,", json},
      {"*/*", json},
      {"application/json", json},
      {"APPLICATION/JSON", json},
      {"application/*", json},
      {"application/msgpack", msgpack},
      {"application/x-msgpack", msgpack},
      {"application/vnd.msgpack", msgpack},
      {"Application/MsgPack", msgpack},
      {"text/html", none},
      {"text/*, image/png", none},
      {"garbage", none},
      // ties go to JSON, higher quality wins
      {"application/msgpack, application/json", json},
      {"application/msgpack, */*", json},
      {"application/msgpack;q=0.9, application/json;q=0.9", json},
      {"application/json;q=0.5, application/msgpack", msgpack},
      {"application/json;q=0.5, application/msgpack;q=0.501", msgpack},
      {"application/msgpack ; Q=0.2 , application/json\t;\tq=0.1", msgpack},
      {"application/msgpack, */*;q=0.1", msgpack},
      {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", json},
      // the most specific range decides, wherever it stands
      {"*/*, application/json;q=0.1", msgpack},
      {"application/json;q=0.1, */*", msgpack},
      {"application/*;q=0.2, */*;q=1, application/msgpack;q=0.3", msgpack},
      {"application/*;q=0, */*", none},
      {"application/msgpack;q=0, application/x-msgpack", msgpack},
      // q=0 excludes
      {"application/json;q=0", none},
      {"*/*;q=0", none},
      {"application/json;q=0, */*", msgpack},
      {"application/json;q=0.000, application/*;q=0.1", msgpack},
      {"application/msgpack;q=0, */*;q=0.1", json},
      {"*/*;q=0, application/msgpack;q=0.001", msgpack},
      // parameters and quoted strings
      {"application/json;charset=utf-8;q=0.2, application/msgpack;q=0.1", json},
      {R"(text/html;a="x, application/json;q=1", application/msgpack)", msgpack},
      {R"(text/html;a="\", application/json", application/msgpack)", msgpack},
      {R"(application/json;q="0.5", application/msgpack;q=0.6)", msgpack},
      // what is no weight does not count as a range
      {"application/json;q=2", none},
      {"application/json;q=-1", none},
      {"application/json;q=nan", none},
      {"application/json;q=, application/msgpack", msgpack},
      {"application/json;q=high, application/msgpack;q=0.1", msgpack},
      {"text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", json},
  }));
  CAPTURE(accept);
  const auto chosen = choose_answer_type(accept);
  CHECK(name(chosen ? std::optional(chosen->format) : none) == name(expected));
}

TEST_CASE("a page is for who asks for one, and comes last where nobody prefers anything") {
  const auto [accept, page, otherwise] = GENERATE(table<std::string, bool, std::string>({
      {"", false, "json"},
      {"*/*", false, "json"},
      {"application/json", false, "json"},
      {"application/*", false, "json"},
      {"text/html", true, ""},
      {"TEXT/HTML", true, ""},
      {"text/*", true, ""},
      {"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", true, ""},
      {"text/html, application/json", false, "json"},
      {"application/json, text/html", false, "json"},
      {"application/json;q=0.9, text/html", true, ""},
      {"text/html;q=0.9, application/json", false, "json"},
      {"text/html;q=0.9, application/msgpack", false, "msgpack"},
      {"text/html;q=0.5, */*;q=0.5", false, "json"},
      {"text/html;level=1, */*;q=0.5", true, ""},
      {"text/html;q=0, */*", false, "json"},
      {"text/html;q=0", false, "none"},
      {"text/*;q=0.1, text/html;q=0.9, application/json;q=0.8", true, ""},
      {"text/plain, application/json;q=0.1", false, "json"},
      {"text/plain", false, "none"},
      {"application/json;q=0, */*;q=0.1", false, "msgpack"},
      {"application/*;q=0, */*", true, ""},
  }));
  CAPTURE(accept);
  const auto chosen = choose_answer_type(accept, AnswerForms::with_pages);
  CHECK((chosen && chosen->page) == page);
  if (page) CHECK(chosen->name == "text/html; charset=utf-8");
  if (!page) CHECK(name(chosen ? std::optional(chosen->format) : none) == otherwise);
  const auto data = choose_answer_type(accept);  // where there are no pages
  CHECK_FALSE((data && data->page));
}

TEST_CASE("an answer goes by the name that was asked for") {
  const auto [accept, expected] = GENERATE(table<std::string, std::string>({
      {"", "application/json"},
      {"application/x-msgpack", "application/x-msgpack"},
      {"Application/VND.msgpack", "application/vnd.msgpack"},
      {"application/x-msgpack;q=0.5, application/msgpack;q=0.4", "application/x-msgpack"},
      {"application/x-msgpack, application/msgpack", "application/msgpack"},
      {"application/json;q=0.1, */*", "application/msgpack"},
      {"application/json;q=0.1, application/x-msgpack, */*;q=0.2", "application/x-msgpack"},
  }));
  CAPTURE(accept);
  CHECK(choose_answer_type(accept).value().name == expected);
}

TEST_CASE("the form of a body follows Content-Type") {
  const auto [content_type, expected] = GENERATE(table<std::string, std::optional<ContentFormat>>({
      {"", none},
      {"application/json", json},
      {"Application/Json", json},
      {"application/json; charset=utf-8", json},
      {"application/json;charset=UTF-8", json},
      {R"(application/json ; charset="utf-8")", json},
      {"application/json;", json},
      {"application/json; version=1", json},
      {"application/merge-patch+json", json},
      {"application/vnd.api+JSON; charset=utf-8", json},
      {"application/msgpack", msgpack},
      {"application/x-msgpack", msgpack},
      {"application/vnd.msgpack", msgpack},
      {"APPLICATION/MSGPACK; v=5", msgpack},
      {"application/json; charset=latin-1", none},
      {"application/json; charset=utf-16", none},
      {"application/json; charset", none},
      {"application/json; =utf-8", none},
      {"application/+json", none},
      {"application/jsonx", none},
      {"text/json", none},
      {"image/svg+json", none},
      {"application/json-patch+json", none},
      {"Application/JSON-Patch+JSON; charset=utf-8", none},
      {"text/plain", none},
      {"application/x-www-form-urlencoded", none},
      {"multipart/form-data; boundary=x", none},
      {"application/*", none},
      {"json", none},
      {";", none},
  }));
  CAPTURE(content_type);
  CHECK(name(read_format(content_type)) == name(expected));
}

TEST_CASE("the name of a form reads back as that form") {
  const auto format = GENERATE(ContentFormat::json, ContentFormat::msgpack);
  CHECK(read_format(content_type_of(format)) == format);
  const auto chosen = choose_answer_type(content_type_of(format));
  REQUIRE(chosen);
  CHECK(chosen->format == format);
  CHECK(chosen->name == content_type_of(format));
}
