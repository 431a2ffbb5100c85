// What a sample of a failed request shows, and what it must not show.
#include "sim/transport/failure_sample.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace troupe::sim;
using Catch::Contains;

TEST_CASE("a sample has the request and the answer in lines, with the values of secret names masked") {
  const auto sample = sample_of({
      .request = "POST /login?token=abc&x=1 HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer s3cret\r\n"
                 "Cookie: a=s3cret\r\nX-Api-Key: s3cret\r\nProxy-Authorization: s3cret\r\n\r\n"
                 "{\"user\":\"u\",\"password\":\"s3cret\"}",
      .status = 500,
      .fields = "Content-Type: application/json\r\nSet-Cookie: s=s3cret\r\n\r\n",
      .body = "{\"error\":\"no\",\"access_token\":\"s3cret\"}",
  });
  CHECK(sample.request_head ==
        "POST /login?token=***&x=1 HTTP/1.1\nHost: h\nAuthorization: ***\nCookie: ***\nX-Api-Key: ***\n"
        "Proxy-Authorization: ***");
  CHECK(sample.request_body == "{\"user\":\"u\",\"password\":\"***\"}");
  CHECK(sample.status == 500);
  CHECK(sample.answer_head == "Content-Type: application/json\nSet-Cookie: ***");
  CHECK(sample.answer_body == "{\"error\":\"no\",\"access_token\":\"***\"}");
}

TEST_CASE("a form's secrets are masked, and a request without an answer has none") {
  const auto sample = sample_of({.request = "POST / HTTP/1.1\r\n\r\nuser=u&client_secret=s3cret&x=1"});
  CHECK(sample.request_body == "user=u&client_secret=***&x=1");
  CHECK(sample.status == 0);
  CHECK(sample.answer_head.empty());
  CHECK(sample.answer_body.empty());
}

TEST_CASE("a value that an answer gave as a secret is masked in a path, and where a sample is cut") {
  const std::vector<std::string> secrets{"s3cret/1", ""};
  const auto sample = sample_of({.request = "GET /of/s3cret%2F1 HTTP/1.1\r\nX: s3cret/1\r\n\r\ns3cret/1",
                                 .status = 500,
                                 .fields = "X-Of: s3cret/1\r\n\r\n",
                                 .body = std::string(most_sampled - 4, 'x') + "s3cret/1"},
                                secrets);
  CHECK(sample.request_head == "GET /of/*** HTTP/1.1\nX: ***");
  CHECK(sample.request_body == "***");
  CHECK(sample.answer_head == "X-Of: ***");
  CHECK_THAT(sample.answer_body, !Contains("s3c"));
}

TEST_CASE("of a long head and a long body the front is kept, and no part of a secret that is cut") {
  const auto padding = GENERATE(range(1990, 2060));
  const auto front = "{\"x\":\"" + std::string(static_cast<std::size_t>(padding), 'x') + "\",";
  const auto body = front + "\"password\":\"" + std::string(5000, 's') + "\"}";
  const auto sample =
      sample_of({.request = "GET /" + std::string(5000, 'p') + " HTTP/1.1\r\nA: b\r\n\r\n" + body,
                 .status = 400,
                 .fields = "X-Long: " + std::string(5000, 'f') + "\r\n\r\n",
                 .body = body});
  for (const auto* text :
       {&sample.request_head, &sample.request_body, &sample.answer_head, &sample.answer_body}) {
    CHECK(text->size() <= most_sampled);
    CHECK_THAT(*text, Catch::EndsWith("…"));
  }
  CHECK_THAT(sample.answer_body, !Contains("sss"));
}

TEST_CASE("whatever a server sends, a sample is valid UTF-8 that drives no terminal") {
  std::string body("\x1b[31m\0\xff\xc3", 8);
  body += "é€😀\xed\xa0\x80\xc0\xaf\n\tend";
  const auto sample = sample_of({.request = "GET / HTTP/1.1\r\n\r\n", .status = 200, .body = body});
  CHECK(sample.answer_body == "?[31m???é€😀?????\n\tend");
  const auto json = boost::json::serialize(boost::json::value(sample.answer_body));
  CHECK(boost::json::parse(json) == boost::json::value(sample.answer_body));
}
