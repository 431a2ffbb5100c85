#include "helpers/http_answers.hpp"

using namespace std::string_literals;

namespace troupe::tests {
namespace {

constexpr bool drops = false;  // for HttpAnswer::keeps
constexpr bool closes = true;

std::string head(const std::string& fields, const std::string& body = "",
                 const std::string& status = "200 OK") {
  return "HTTP/1.1 " + status + "\r\n" + fields + "\r\n" + body;
}

std::string chunked(const std::string& chunks) {
  return head("Transfer-Encoding: chunked\r\n", chunks);
}

const std::string ok = head("Content-Length: 2\r\n", "ok");

std::vector<HttpAnswer> ends_of_bodies() {
  return {
      {"a body with a length", ok, 200, "ok"},
      {"an empty body", head("Content-Length: 0\r\n"), 200, ""},
      {"a length with zeros before it", head("Content-Length: 002\r\n", "ok"), 200, "ok"},
      {"field names in any case", head("cOnTeNt-LeNgTh: 2\r\n", "ok"), 200, "ok"},
      {"no space and much space around a value", head("A:b\r\nContent-Length: \t 2 \t\r\n", "ok"), 200, "ok"},
      {"equal lengths are one", head("Content-Length: 2\r\nContent-Length: 2\r\n", "ok"), 200, "ok"},
      {"a list of equal lengths is one", head("Content-Length: 2, 2\r\n", "ok"), 200, "ok"},
      {"a body that looks like an answer", head("Content-Length: 15\r\n", "HTTP/1.1 200 OK"), 200,
       "HTTP/1.1 200 OK"},
      {"until the server closes", head("", "whole"), 200, "whole", drops, closes},
      {"nothing until the server closes", head(""), 200, "", drops, closes},
      {"until the server closes, in HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nwhole", 200, "whole", drops, closes},
      {"a coding that does not tell its end", head("Transfer-Encoding: gzip\r\n", "raw"), 200, "raw", drops,
       closes},
      {"identity is no coding", head("Transfer-Encoding: identity\r\nContent-Length: 2\r\n", "ok"), 200,
       "ok"},
      {"chunked behind another coding", head("Transfer-Encoding: gzip, chunked\r\n", "2\r\nok\r\n0\r\n\r\n"),
       200, "ok"},
      {"codings in two fields",
       head("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", "2\r\nok\r\n0\r\n\r\n"), 200, "ok"},
  };
}

std::vector<HttpAnswer> chunks() {
  return {
      {"chunks", chunked("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), 200, "abcde"},
      {"no chunk", chunked("0\r\n\r\n"), 200, ""},
      {"a length in capital digits, with zeros", chunked("00A\r\n0123456789\r\n0\r\n\r\n"), 200,
       "0123456789"},
      {"a chunk with an extension", chunked("2;name=value\r\nok\r\n0\r\n\r\n"), 200, "ok"},
      {"an extension in quotes", chunked("2;a=\"x;y\" ; b\r\nok\r\n0;last\r\n\r\n"), 200, "ok"},
      {"spaces behind a chunk's length", chunked("2  \r\nok\r\n0\r\n\r\n"), 200, "ok"},
      {"a trailer", chunked("2\r\nok\r\n0\r\nDigest: x\r\nContent-Length: 9\r\n\r\n"), 200, "ok"},
      {"several zeros at the end", chunked("2\r\nok\r\n000\r\n\r\n"), 200, "ok"},
      {"chunks with CR and LF in them", chunked("4\r\n\r\n\r\n\r\n0\r\n\r\n"), 200, "\r\n\r\n"},
      {"CHUNKED", head("Transfer-Encoding: CHUNKED\r\n", "2\r\nok\r\n0\r\n\r\n"), 200, "ok"},
      {"a chunk without a length", chunked("\r\nok\r\n0\r\n\r\n"), 0, "does not begin with its length"},
      {"a length that is no number", chunked("2x\r\nok\r\n0\r\n\r\n"), 0, "does not begin with its length"},
      {"a negative length", chunked("-2\r\nok\r\n0\r\n\r\n"), 0, "does not begin with its length"},
      {"a length with 0x", chunked("0x2\r\nok\r\n0\r\n\r\n"), 0, "does not begin with its length"},
      {"a length beyond all numbers", chunked("10000000000000002\r\nok\r\n"), 0,
       "does not begin with its length"},
      {"a chunk's line that ends in LF", chunked("2\nok\r\n0\r\n\r\n"), 0, "does not begin with its length"},
      {"a chunk that is longer than it says", chunked("2\r\nokay\r\n0\r\n\r\n"), 0, "longer than it says"},
      {"an end in the middle of a chunk", chunked("5\r\nok"), 0, "closed by the server before", drops,
       closes},
      {"an end before the last chunk", chunked("2\r\nok\r\n"), 0, "closed by the server before", drops,
       closes},
      {"an end before the trailer's end", chunked("2\r\nok\r\n0\r\n"), 0, "closed by the server before",
       drops, closes},
  };
}

std::vector<HttpAnswer> without_body() {
  return {
      {"204 has no body", head("", "", "204 No Content"), 204, ""},
      {"204 has none whatever its head says", head("Content-Length: 5\r\n", "", "204 No Content"), 204, ""},
      {"304 has no body", head("Content-Length: 5\r\n", "", "304 Not Modified"), 304, ""},
      {"204 has no chunks", head("Transfer-Encoding: chunked\r\n", "", "204 No Content"), 204, ""},
      {"HEAD has no body", head("Content-Length: 5\r\n"), 200, "", true, false, "HEAD"},
      {"HEAD has no chunks", head("Transfer-Encoding: chunked\r\n"), 200, "", true, false, "HEAD"},
      {"HEAD of what would end with the connection", head(""), 200, "", true, false, "HEAD"},
      {"HEAD behind an interim answer",
       "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + head("Content-Length: 5\r\n"), 200, "", true, false,
       "HEAD"},
  };
}

std::vector<HttpAnswer> interim() {
  const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  std::string many;
  for (int i = 0; i < 65; ++i) many += go_on;
  return {
      {"100 is not the answer", go_on + ok, 200, "ok"},
      {"103 with fields is not the answer",
       "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 9\r\n\r\n" + ok, 200, "ok"},
      {"several interim answers", go_on + "HTTP/1.1 102 Processing\r\n\r\n" + go_on + ok, 200, "ok"},
      {"an interim answer that says close", "HTTP/1.1 100 Continue\r\nConnection: close\r\n\r\n" + ok, 200,
       "ok"},
      {"interim answers without end", many, 0, "more than 64 interim answers"},
      {"101 was not asked for",
       head("Upgrade: websocket\r\nConnection: upgrade\r\n", "", "101 Switching Protocols"), 0,
       "101 Switching Protocols"},
      {"an end behind an interim answer", go_on, 0, "closed by the server before", drops, closes},
  };
}

std::vector<HttpAnswer> persistence() {
  return {
      {"Connection: close", head("Connection: close\r\nContent-Length: 2\r\n", "ok"), 200, "ok", drops},
      {"close in a list", head("Connection: x, Close\r\nContent-Length: 2\r\n", "ok"), 200, "ok", drops},
      {"close in a second field", head("Connection: x\r\nConnection: close\r\nContent-Length: 2\r\n", "ok"),
       200, "ok", drops},
      {"a field that only sounds like close", head("Connection: closed\r\nContent-Length: 2\r\n", "ok"), 200,
       "ok"},
      {"HTTP/1.0 ends its connection", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok", drops},
      {"HTTP/1.0 that is asked to keep it",
       "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", 200, "ok"},
      {"close wins over keep-alive", head("Connection: keep-alive, close\r\nContent-Length: 2\r\n", "ok"),
       200, "ok", drops},
      {"stray bytes behind an answer", ok + "\r\n", 200, "ok", drops},
      {"a second answer that nobody asked for", ok + ok, 200, "ok", drops},
  };
}

std::vector<HttpAnswer> heads() {
  return {
      {"no reason", "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok", 200, "ok"},
      {"no reason and no space", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", 200, "ok"},
      {"a reason in another language", "HTTP/1.1 200 d\xc3\xa9j\xc3\xa0 vu\r\nContent-Length: 2\r\n\r\nok",
       200, "ok"},
      {"a status that nobody knows", head("Content-Length: 0\r\n", "", "299 Well"), 299, ""},
      {"lines that end in LF", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", 200, "ok"},
      {"a folded field", head("X: a\r\n  b\r\nContent-Length: 2\r\n", "ok"), 200, "ok"},
      {"a folded length", head("Content-Length:\r\n 2\r\n", "ok"), 200, "ok"},
      {"an empty field", head("X:\r\nContent-Length: 2\r\n", "ok"), 200, "ok"},
      {"a field with bytes above ASCII", head("X: \xff\xfe\r\nContent-Length: 2\r\n", "ok"), 200, "ok"},
      {"a head of 60 KiB", head("X: " + std::string(60 * 1024, 'x') + "\r\nContent-Length: 2\r\n", "ok"), 200,
       "ok"},
      {"a head beyond 64 KiB", head("X: " + std::string(66 * 1024, 'x') + "\r\n"), 0, "larger than 64 KiB"},
      {"a head beyond 64 KiB that never ends", "HTTP/1.1 200 OK\r\nX: " + std::string(70 * 1024, 'x'), 0,
       "larger than 64 KiB"},
      {"no HTTP at all", "SSH-2.0-OpenSSH_9.2\r\n", 0, "does not begin with HTTP/1.x"},
      {"an empty line before the answer", "\r\n" + ok, 0, "does not begin with HTTP/1.x"},
      {"HTTP/2", "HTTP/2 200 OK\r\n\r\n", 0, "does not begin with HTTP/1.x"},
      {"a TLS alert", "\x15\x03\x01\0\x02\x02\x46"s, 0, "write https://"},
      {"a status of two digits", "HTTP/1.1 20 OK\r\n\r\n", 0, "does not begin with HTTP/1.x"},
      {"a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", 0, "does not begin with HTTP/1.x"},
      {"a status below 100", "HTTP/1.1 099 OK\r\n\r\n", 0, "does not begin with HTTP/1.x"},
      {"a line that is no field", head("nonsense\r\nContent-Length: 2\r\n", "ok"), 0, "no field"},
      {"a space before a colon", head("Content-Length : 2\r\n", "ok"), 0, "no field"},
      {"a line without a name", head(": x\r\n", "ok"), 0, "no field"},
      {"a folded line behind the status", head(" X: y\r\nContent-Length: 2\r\n", "ok"), 0, "no field"},
      {"a stray CR", head("X: a\rb\r\nContent-Length: 2\r\n", "ok"), 0, "stray CR"},
      {"a NUL", head("X: a\0b\r\nContent-Length: 2\r\n"s, "ok"), 0, "NUL"},
      {"an end in the head", "HTTP/1.1 200 OK\r\nContent-Le", 0, "closed by the server before", drops,
       closes},
      {"nothing but an end", "", 0, "closed by the server before", drops, closes},
  };
}

std::vector<HttpAnswer> faults_of_framing() {
  return {
      {"two lengths", head("Content-Length: 2\r\nContent-Length: 3\r\n", "ok"), 0, "two different values"},
      {"a list of two lengths", head("Content-Length: 2, 3\r\n", "ok"), 0, "two different values"},
      {"a length that is no number", head("Content-Length: two\r\n", "ok"), 0, "Content-Length is no number"},
      {"a negative length", head("Content-Length: -2\r\n", "ok"), 0, "Content-Length is no number"},
      {"a length with a sign", head("Content-Length: +2\r\n", "ok"), 0, "Content-Length is no number"},
      {"an empty length", head("Content-Length:\r\n", "ok"), 0, "Content-Length is no number"},
      {"a length beyond all numbers", head("Content-Length: 18446744073709551618\r\n", "ok"), 0,
       "Content-Length is no number"},
      {"a length and a coding",
       head("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "2\r\nok\r\n0\r\n\r\n"), 0,
       "both Transfer-Encoding and Content-Length"},
      {"a coding behind chunked", head("Transfer-Encoding: chunked, gzip\r\n", "2\r\nok\r\n0\r\n\r\n"), 0,
       "behind chunked"},
      {"chunked twice", head("Transfer-Encoding: chunked, chunked\r\n", "2\r\nok\r\n0\r\n\r\n"), 0,
       "behind chunked"},
      {"chunked in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0,
       "HTTP/1.0"},
      {"an end before the length is reached", head("Content-Length: 5\r\n", "ok"), 0,
       "closed by the server before", drops, closes},
  };
}

}  // namespace

std::vector<HttpAnswer> http_answers() {
  std::vector<HttpAnswer> all;
  for (auto* const part :
       {ends_of_bodies, chunks, without_body, interim, persistence, heads, faults_of_framing}) {
    for (auto& row : part()) {
      row.keeps = row.keeps && row.status != 0;
      all.push_back(std::move(row));
    }
  }
  return all;
}

}  // namespace troupe::tests
