// What RFC 9110 and RFC 9112 tell a server to reject, one row a rule. Each row is fed whole and byte by byte.
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "helpers/feed_request.hpp"

namespace troupe::http {

namespace {

using namespace std::string_view_literals;

constexpr int accepted = 200;

struct Row {
  std::string_view section;  ///< of RFC 9112, unless it says otherwise
  std::string_view rule;
  std::string_view bytes;
  int status;
};

// clang-format off
const std::vector<Row> message_rows{
  {"2.1", "a request without any content", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"sv, accepted},
  {"2.2", "empty lines before the request line are skipped", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"sv, accepted},
  {"2.2", "but not any number of them", "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"2.2", "a bare line feed before the request line", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"2.2", "a bare carriage return before the request line", "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"2.2", "a bare line feed after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n"sv, 400},
  {"2.2", "a bare line feed after a field", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n"sv, 400},
  {"2.2", "a bare line feed as the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\n"sv, 400},
  {"2.2", "bare line feeds only, and nothing more to wait for", "GET / HTTP/1.1\nHost: a\n\n"sv, 400},
  {"2.2", "a bare carriage return in the method", "G\rET / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"2.2", "a bare carriage return in the target", "GET /\rx HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"2.2", "a bare carriage return behind the version", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n"sv, 400},
  {"2.2", "a bare carriage return in a field name", "GET / HTTP/1.1\r\nHost: a\r\nX\rY: z\r\n\r\n"sv, 400},
  {"2.2", "a bare carriage return in a field value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\rz\r\n\r\n"sv, 400},
  {"2.2", "a bare carriage return at the end of a field value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\r\n\r\n"sv, 400},
  {"2.2", "a bare carriage return before the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\r\r\n\r\n"sv, 400},
  {"2.2", "whitespace between request line and first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"sv, 400},
  {"2.2", "a line of whitespace between request line and first field", "GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n"sv, 400},
  {"2.2", "a tab between request line and first field", "GET / HTTP/1.1\r\n\tX: y\r\nHost: a\r\n\r\n"sv, 400},
};

const std::vector<Row> version_rows{
  {"2.3", "the version in lower case", "GET / http/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"2.3", "a version that is not HTTP", "GET / HTTQ/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"2.3", "a version without minor number", "GET / HTTP/1\r\nHost: a\r\n\r\n"sv, 400},
  {"2.3", "a version with two digits", "GET / HTTP/1.10\r\nHost: a\r\n\r\n"sv, 400},
  {"2.3", "a version with a leading zero", "GET / HTTP/01.1\r\nHost: a\r\n\r\n"sv, 400},
  {"2.3", "a version that is no number", "GET / HTTP/x.1\r\nHost: a\r\n\r\n"sv, 400},
  {"2.3", "a version with a comma", "GET / HTTP/1,1\r\nHost: a\r\n\r\n"sv, 400},
  {"9110 2.5", "a higher minor version is read as the highest known", "GET / HTTP/1.2\r\nHost: a\r\n\r\n"sv, accepted},
  {"9110 2.5", "a much higher minor version, too", "GET / HTTP/1.9\r\nHost: a\r\n\r\n"sv, accepted},
  {"9110 15.6.6", "major version 2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n"sv, 505},
  {"9110 15.6.6", "the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"sv, 505},
  {"9110 15.6.6", "major version 0", "GET / HTTP/0.9\r\n\r\n"sv, 505},
  {"9110 2.5", "HTTP/1.0", "GET / HTTP/1.0\r\n\r\n"sv, accepted},
};

const std::vector<Row> request_line_rows{
  {"3", "an HTTP/0.9 request", "GET /\r\n"sv, 400},
  {"3", "a version without a target", "GET HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3", "an empty target", "GET  HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3", "a method alone", "GET\r\n\r\n"sv, 400},
  {"3", "two spaces before the target", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3", "two spaces before the version", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3", "whitespace behind the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"sv, 400},
  {"3", "whitespace before the method", " GET / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3", "a tab for a space", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3", "a tab before the version", "GET /\tHTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3", "a fourth word", "GET / x HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3", "what a TLS client says first", "\x16\x03\x01\x02\n\x01\xfc\x03\x03"sv, 400},
  {"3.1", "a method that is no token", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3.1", "a method with a colon", "GET: / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3.1", "a method with a byte that is not ASCII", "G\xc3\x89T / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3.1", "an unknown method is for the routes to answer", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n"sv, accepted},
  {"3.2", "a control character in the target", "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3.2", "a NUL in the target", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3.2", "a DEL in the target", "GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3.2", "a byte that is not ASCII in the target", "GET /caf\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3.2", "a byte that is not ASCII in the query", "GET /?q=\xe9 HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3986 3.3", "a fragment", "GET /#top HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3986 3.4", "a fragment behind the query", "GET /?a#top HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3986 3.3", "a quotation mark", "GET /\" HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3986 3.3", "angle brackets", "GET /<b> HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3986 3.3", "a backslash", "GET /a\\b HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3986 3.3", "curly brackets", "GET /{id} HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3986 3.4", "a vertical bar in the query", "GET /?a|b HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3986 3.3", "square brackets", "GET /[1] HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3986 2.1", "percent-encoding that is not hexadecimal", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3986 2.1", "percent-encoding that is cut short", "GET /%4 HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3986 2.1", "a percent sign at the end", "GET /a% HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3986 2.1", "bad percent-encoding in the query", "GET /?a=%g0 HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3986 3.3", "every character a path may have", "GET /aZ0-._~!$&'()*+,;=:@/%2f//b?x=/?:@%20 HTTP/1.1\r\nHost: a\r\n\r\n"sv, accepted},
  {"3.2", "a path that does not begin with a slash", "GET items HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
};

const std::vector<Row> target_form_rows{
  {"3.2.2", "absolute-form", "GET http://a.example/items?x=1 HTTP/1.1\r\nHost: a.example\r\n\r\n"sv, accepted},
  {"3.2.2", "absolute-form still needs Host", "GET http://a.example/ HTTP/1.1\r\n\r\n"sv, 400},
  {"3.2.2", "absolute-form, scheme in any case", "GET HTTP://a:80/ HTTP/1.1\r\nHost: a\r\n\r\n"sv, accepted},
  {"3.2.2", "absolute-form of another scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3.2.2", "absolute-form with a fragment", "GET http://a/#x HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3.2.2", "absolute-form with bad percent-encoding", "GET http://a/%x HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"9110 4.2.1", "absolute-form without host", "GET http:///items HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"9110 4.2.1", "absolute-form with a port and no host", "GET http://:80/ HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"9110 4.2.1", "absolute-form without authority", "GET http:items HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"9110 4.2.4", "absolute-form with user information", "GET http://bob:pw@a/ HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"9110 4.2.4", "absolute-form with empty user information", "GET http://@a/ HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3.2.2", "absolute-form with an impossible port", "GET http://a:99999/ HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3.2.3", "authority-form with CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"sv, accepted},
  {"3.2.3", "authority-form with another method", "GET a:443 HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"9110 9.3.6", "CONNECT without a port", "CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"9110 9.3.6", "CONNECT with an empty port", "CONNECT a: HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"9110 9.3.6", "CONNECT with an invalid port", "CONNECT a:x HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3.2.3", "CONNECT with a path", "CONNECT /items HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3.2.4", "asterisk-form with OPTIONS", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"sv, accepted},
  {"3.2.4", "asterisk-form with another method", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
  {"3.2.4", "an asterisk and more", "OPTIONS */ HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
};

const std::vector<Row> host_rows{
  {"3.2", "no Host in HTTP/1.1", "GET / HTTP/1.1\r\n\r\n"sv, 400},
  {"3.2", "no Host in HTTP/1.2", "GET / HTTP/1.2\r\n\r\n"sv, 400},
  {"3.2", "two Host fields", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"sv, 400},
  {"3.2", "the same Host twice", "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n"sv, 400},
  {"3.2", "two Host fields in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"sv, 400},
  {"9110 4.2.1", "an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"sv, 400},
  {"3.2", "a name and a port", "GET / HTTP/1.1\r\nHost: a-1.example:8080\r\n\r\n"sv, accepted},
  {"3.2", "an empty port", "GET / HTTP/1.1\r\nHost: a:\r\n\r\n"sv, accepted},
  {"3.2", "an IPv4 address", "GET / HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n"sv, accepted},
  {"3.2", "an IPv6 address", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"sv, accepted},
  {"3.2", "an IPv6 address without a port", "GET / HTTP/1.1\r\nHost: [2001:db8::7]\r\n\r\n"sv, accepted},
  {"3.2", "a percent-encoded name", "GET / HTTP/1.1\r\nHost: a%20b\r\n\r\n"sv, accepted},
  {"3.2", "an IPv6 address without brackets", "GET / HTTP/1.1\r\nHost: ::1\r\n\r\n"sv, 400},
  {"3.2", "brackets around something else", "GET / HTTP/1.1\r\nHost: [a]\r\n\r\n"sv, 400},
  {"3.2", "a bracket that is not closed", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"sv, 400},
  {"3.2", "something between bracket and port", "GET / HTTP/1.1\r\nHost: [::1]x:80\r\n\r\n"sv, 400},
  {"3.2", "a port that is no number", "GET / HTTP/1.1\r\nHost: a:8o\r\n\r\n"sv, 400},
  {"3.2", "a port with a sign", "GET / HTTP/1.1\r\nHost: a:+80\r\n\r\n"sv, 400},
  {"3.2", "a port no TCP connection can have", "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n"sv, 400},
  {"3.2", "a port without host", "GET / HTTP/1.1\r\nHost: :80\r\n\r\n"sv, 400},
  {"3.2", "two ports", "GET / HTTP/1.1\r\nHost: a:80:80\r\n\r\n"sv, 400},
  {"3.2", "user information", "GET / HTTP/1.1\r\nHost: bob@a\r\n\r\n"sv, 400},
  {"3.2", "a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"sv, 400},
  {"3.2", "a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"sv, 400},
  {"3.2", "a list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"sv, 400},
  {"3.2", "a byte that is not ASCII", "GET / HTTP/1.1\r\nHost: \xc3\xa9\r\n\r\n"sv, 400},
};

const std::vector<Row> field_rows{
  {"5.1", "an empty field name", "GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n"sv, 400},
  {"5.1", "a field name that is no token", "GET / HTTP/1.1\r\nHost: a\r\nX(y): z\r\n\r\n"sv, 400},
  {"5.1", "a field name that is not ASCII", "GET / HTTP/1.1\r\nHost: a\r\nX\xc3\xa9: z\r\n\r\n"sv, 400},
  {"5.1", "a NUL in a field name", "GET / HTTP/1.1\r\nHost: a\r\nX\0: z\r\n\r\n"sv, 400},
  {"5.1", "a field without colon", "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n"sv, 400},
  {"5.1", "a space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n"sv, 400},
  {"5.1", "a tab before the colon", "GET / HTTP/1.1\r\nHost: a\r\nX\t: y\r\n\r\n"sv, 400},
  {"5.1", "a space within the field name", "GET / HTTP/1.1\r\nHost: a\r\nX Y: z\r\n\r\n"sv, 400},
  {"5.1", "whitespace around the value is no part of it", "GET / HTTP/1.1\r\nHost: \t a \t\r\n\r\n"sv, accepted},
  {"5.1", "no whitespace around the value", "GET / HTTP/1.1\r\nHost:a\r\nX:\r\n\r\n"sv, accepted},
  {"5.2", "a folded value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n"sv, 400},
  {"5.2", "a value folded with a tab", "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\tz\r\n\r\n"sv, 400},
  {"5.2", "a fold with nothing in it", "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n \r\n\r\n"sv, 400},
  {"5.2", "a fold before any value", "GET / HTTP/1.1\r\nHost:\r\n a\r\n\r\n"sv, 400},
  {"9110 5.5", "a NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\0z\r\n\r\n"sv, 400},
  {"9110 5.5", "a control character in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \x1b[0m\r\n\r\n"sv, 400},
  {"9110 5.5", "a DEL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\x7f\r\n\r\n"sv, 400},
  {"9110 5.5", "a tab in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\tz\r\n\r\n"sv, accepted},
  {"9110 5.5", "opaque bytes in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \xe9\r\n\r\n"sv, accepted},
  {"9110 7.6.1", "a Connection option that is no token", "GET / HTTP/1.1\r\nHost: a\r\nConnection: a b\r\n\r\n"sv, 400},
  {"9110 10.1.1", "an expectation that is not known", "GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n"sv, 417},
  {"9110 10.1.1", "an expectation that is not known beside one that is", "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue, tea\r\n\r\n"sv, 417},
  {"9110 10.1.1", "an expectation in a second field", "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nExpect: tea\r\n\r\n"sv, 417},
  {"9110 10.1.1", "100-continue in any case", "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n\r\n"sv, accepted},
  {"9110 10.1.1", "an expectation in HTTP/1.0 is ignored", "GET / HTTP/1.0\r\nExpect: tea\r\n\r\n"sv, accepted},
};

const std::vector<Row> framing_rows{
  {"6.2", "Content-Length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"sv, accepted},
  {"6.3", "neither Content-Length nor Transfer-Encoding", "POST / HTTP/1.1\r\nHost: a\r\n\r\n"sv, accepted},
  {"9110 8.6", "Content-Length with leading zeros", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 005\r\n\r\nhello"sv, accepted},
  {"6.3", "an empty Content-Length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\nhello"sv, 400},
  {"6.3", "Content-Length with a plus", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello"sv, 400},
  {"6.3", "Content-Length with a minus", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello"sv, 400},
  {"6.3", "hexadecimal Content-Length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello"sv, 400},
  {"6.3", "Content-Length with a fraction", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5.0\r\n\r\nhello"sv, 400},
  {"6.3", "Content-Length with a space in it", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5\r\n\r\nhello"sv, 400},
  {"6.3", "a list of different lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 6\r\n\r\nhello"sv, 400},
  {"6.3", "a list of one length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello"sv, 400},
  {"6.3", "a list with an empty element", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5,\r\n\r\nhello"sv, 400},
  {"6.3", "two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"sv, 400},
  {"6.3", "the same length twice", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"sv, 400},
  {"9110 8.6", "a length beyond 64 bits", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551621\r\n\r\nhello"sv, 400},
  {"9110 15.5.14", "a length beyond the limit", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551615\r\n\r\n"sv, 413},
  {"6.1", "chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"sv, accepted},
  {"7", "chunked in any case", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n"sv, accepted},
  {"9110 5.6.1", "empty elements around chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: , chunked,\r\n\r\n0\r\n\r\n"sv, accepted},
  {"6.3", "Content-Length, then Transfer-Encoding", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"sv, 400},
  {"6.3", "Transfer-Encoding, then Content-Length", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"sv, 400},
  {"6.3", "Content-Length with a coding that is not known", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"sv, 400},
  {"6.1", "Transfer-Encoding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"sv, 400},
  {"6.3", "an empty Transfer-Encoding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n"sv, 400},
  {"6.3", "a Transfer-Encoding of commas", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ,,\r\n\r\n"sv, 400},
  {"6.3", "chunked is not there", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"sv, 400},
  {"6.3", "identity, which HTTP/1.1 no longer has", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n"sv, 400},
  {"6.3", "chunked is not the last", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n"sv, 400},
  {"6.3", "chunked is not the last of two fields", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n"sv, 400},
  {"6.1", "chunked twice", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"sv, 400},
  {"6.1", "chunked in two fields", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"sv, 400},
  {"6.1", "a coding that is not known before chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"sv, 501},
  {"6.1", "a coding that is not known in a field of its own", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"sv, 501},
  {"6.1", "identity before chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity, chunked\r\n\r\n"sv, 501},
  {"6.1", "a coding whose parameter only looks like a list", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x;y=\", chunked\"\r\n\r\n"sv, 400},
  {"7", "a coding that is no token", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n"sv, 400},
  {"7", "chunked behind a vertical tab", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0b" "chunked\r\n\r\n"sv, 400},
  {"7.1", "chunked with a parameter", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n"sv, 400},
};
// clang-format on

#define CHUNKED "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

// clang-format off
const std::vector<Row> chunk_rows{
  {"7.1", "two chunks", CHUNKED "5\r\nhello\r\nA\r\n, everyone\r\n0\r\n\r\n"sv, accepted},
  {"7.1", "hexadecimal in either case, leading and many zeros", CHUNKED "00a\r\n0123456789\r\n0A\r\n0123456789\r\n0000\r\n\r\n"sv, accepted},
  {"7.1", "a chunk whose data looks like framing", CHUNKED "7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n"sv, accepted},
  {"7.1", "a chunk size that is not hexadecimal", CHUNKED "x\r\nhello\r\n0\r\n\r\n"sv, 400},
  {"7.1", "an empty chunk size", CHUNKED "\r\nhello\r\n0\r\n\r\n"sv, 400},
  {"7.1", "a chunk size with 0x", CHUNKED "0x5\r\nhello\r\n0\r\n\r\n"sv, 400},
  {"7.1", "a chunk size with a plus", CHUNKED "+5\r\nhello\r\n0\r\n\r\n"sv, 400},
  {"7.1", "a chunk size with a minus", CHUNKED "-5\r\nhello\r\n0\r\n\r\n"sv, 400},
  {"7.1", "a chunk size with an underscore", CHUNKED "1_0\r\nhello\r\n0\r\n\r\n"sv, 400},
  {"7.1", "a chunk size beyond 64 bits", CHUNKED "10000000000000005\r\nhello\r\n0\r\n\r\n"sv, 400},
  {"7.1", "a chunk size beyond the limit", CHUNKED "ffffffffffffffff\r\nhello\r\n0\r\n\r\n"sv, 413},
  {"7.1", "whitespace before the chunk size", CHUNKED " 5\r\nhello\r\n0\r\n\r\n"sv, 400},
  {"7.1", "whitespace behind the chunk size", CHUNKED "5 \r\nhello\r\n0\r\n\r\n"sv, 400},
  {"7.1", "whitespace behind the last chunk size", CHUNKED "0 \r\n\r\n"sv, 400},
  {"7.1", "a bare line feed behind the chunk size", CHUNKED "5\nhello\r\n0\r\n\r\n"sv, 400},
  {"7.1", "a bare carriage return behind the chunk size", CHUNKED "5\rhello\r\n0\r\n\r\n"sv, 400},
  {"7.1", "no CRLF behind the data", CHUNKED "5\r\nhello0\r\n\r\n"sv, 400},
  {"7.1", "more data than announced", CHUNKED "5\r\nhello!\r\n0\r\n\r\n"sv, 400},
  {"7.1", "a bare line feed behind the data", CHUNKED "5\r\nhello\n0\r\n\r\n"sv, 400},
  {"7.1", "a bare carriage return behind the data", CHUNKED "5\r\nhello\r0\r\n\r\n"sv, 400},
  {"7.1", "less data than announced", CHUNKED "6\r\nhello\r\n0\r\n\r\n"sv, 400},
  {"7.1", "a bare line feed at the end", CHUNKED "0\r\n\n"sv, 400},
  {"7.1.1", "chunk extensions are ignored", CHUNKED "5;a;b=c;d=\"e;\\\"f\"\r\nhello\r\n0;z\r\n\r\n"sv, accepted},
  {"7.1.1", "bad whitespace around a chunk extension", CHUNKED "5 ; a = b\r\nhello\r\n0\r\n\r\n"sv, accepted},
  {"7.1.1", "a chunk extension without a name", CHUNKED "5;\r\nhello\r\n0\r\n\r\n"sv, 400},
  {"7.1.1", "a chunk extension without semicolon", CHUNKED "5 a\r\nhello\r\n0\r\n\r\n"sv, 400},
  {"7.1.1", "a chunk extension without value", CHUNKED "5;a=\r\nhello\r\n0\r\n\r\n"sv, 400},
  {"7.1.1", "a quoted chunk extension that is not closed", CHUNKED "5;a=\"b\r\nhello\r\n0\r\n\r\n"sv, 400},
  {"7.1.1", "a bare carriage return in a chunk extension", CHUNKED "5;a=\"\r\"\r\nhello\r\n0\r\n\r\n"sv, 400},
  {"7.1.1", "a bare line feed in a chunk extension", CHUNKED "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n"sv, 400},
  {"7.1.1", "a NUL in a chunk extension", CHUNKED "5;a\0\r\nhello\r\n0\r\n\r\n"sv, 400},
  {"7.1.2", "trailer fields are discarded", CHUNKED "0\r\nX-Sum: 1\r\nY: 2\r\n\r\n"sv, accepted},
  {"9110 6.5.1", "trailer fields that would change the framing are discarded", CHUNKED "0\r\nContent-Length: 9\r\nHost: b\r\nConnection: close\r\n\r\n"sv, accepted},
  {"7.1.2", "a trailer field without colon", CHUNKED "0\r\nX\r\n\r\n"sv, 400},
  {"7.1.2", "a trailer field with a bad name", CHUNKED "0\r\nX : y\r\n\r\n"sv, 400},
  {"7.1.2", "a trailer field with a control character", CHUNKED "0\r\nX: \x01\r\n\r\n"sv, 400},
  {"7.1.2", "a folded trailer field", CHUNKED "0\r\nX: y\r\n z\r\n\r\n"sv, 400},
  {"2.2", "a bare line feed behind a trailer field", CHUNKED "0\r\nX: y\n\r\n"sv, 400},
  {"2.2", "a bare carriage return in a trailer field", CHUNKED "0\r\nX: y\rz\r\n\r\n"sv, 400},
};
// clang-format on

std::string expected(int status) {
  return status == accepted ? "complete" : "rejected " + std::to_string(status);
}

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    INFO(row.section << ": " << row.rule << "\n" << row.bytes);
    const Outcome whole = feed_whole(row.bytes);
    CHECK(whole.result == expected(row.status));
    CHECK(feed_byte_by_byte(row.bytes) == whole);
    if (row.status == accepted) CHECK(whole.consumed == row.bytes.size());
  }
}

}  // namespace

TEST_CASE("Message framing is held to RFC 9112 section 2.2") {
  check(message_rows);
}
TEST_CASE("The protocol version is held to RFC 9112 section 2.3") {
  check(version_rows);
}
TEST_CASE("The request line is held to RFC 9112 section 3") {
  check(request_line_rows);
}
TEST_CASE("The forms of the request target are held to RFC 9112 section 3.2") {
  check(target_form_rows);
}
TEST_CASE("The Host field is held to RFC 9112 section 3.2") {
  check(host_rows);
}
TEST_CASE("Fields are held to RFC 9112 section 5") {
  check(field_rows);
}
TEST_CASE("Body lengths are held to RFC 9112 section 6") {
  check(framing_rows);
}
TEST_CASE("Chunks are held to RFC 9112 section 7") {
  check(chunk_rows);
}

}  // namespace troupe::http
