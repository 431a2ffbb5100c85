#include "http/server/request_parser.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "http/server/chunked_decoder.hpp"
#include "http/server/header_rules.hpp"
#include "http/server/request_line.hpp"
#include "support/characters.hpp"

namespace troupe::http {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using beast::error_code;

/// A robust server skips at least one empty line before a request line (RFC 9112 section 2.2); more than
/// these are no accident.
constexpr std::size_t max_empty_lines = 8;
/// Buffers that grew beyond this for one large body do not stay that large.
constexpr std::size_t max_kept_capacity = 16 * 1024;

const char* describe(const error_code& code) {
  using beast::http::error;
  if (code == error::bad_field) return "The name of a header field is not a token followed by a colon.";
  if (code == error::bad_value) return "The value of a header field is malformed.";
  if (code == error::bad_line_ending) return "A header line holds a lone carriage return.";
  if (code == error::bad_content_length)
    return "The Content-Length is not a number, or contradicts another field.";
  if (code == error::multiple_content_length) return "The Content-Length field is repeated.";
  if (code == error::bad_transfer_encoding)
    return "The Transfer-Encoding is repeated, or contradicts another field.";
  return "The header section is malformed.";
}

/// Beast's parser of header fields and bodies of a known length. It is shown a constant request line: the
/// real one is parsed by parse_request_line, because Beast refuses HTTP/1.2 and knows neither target forms
/// nor their limit.
class MessageParser final : public beast::http::basic_parser<true> {
 public:
  MessageParser(Request& request, const NotedFields& noted)
      : request_(request), rules_(noted), keeps_forwarded_(noted.forwarded) {
    // Both limits are checked elsewhere; these only must not be in the way.
    header_limit(std::numeric_limits<std::uint32_t>::max());
    body_limit(boost::none);
  }

  /// Parses all the field lines and the empty line behind them.
  std::optional<Rejection> parse_fields(std::string_view fields, std::size_t body_limit) {
    error_code error;
    put(asio::buffer(request_.http_1_0 ? "GET / HTTP/1.0\r\n" : "GET / HTTP/1.1\r\n", 16), error);
    const std::size_t parsed = put(asio::buffer(fields), error);
    if (rejection_) return std::move(rejection_);
    if (error || parsed != fields.size() || !is_header_done()) return Rejection{400, describe(error)};
    return rules_.finish(request_, content_length(), body_limit);
  }

  const FieldRules& rules() const { return rules_; }

 private:
  void on_field_impl(beast::http::field name, beast::string_view written, beast::string_view value,
                     error_code& error) override {
    rejection_ = rules_.add(name, written, value, request_);
    if (keeps_forwarded_) keep_forwarded(name, written, value, request_);
    if (rejection_) error = beast::http::error::bad_value;  // any error makes Beast stop
  }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    // What a client merely announces is worth one small allocation, not a large one.
    if (length)
      request_.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, max_kept_capacity)));
  }
  std::size_t on_body_impl(beast::string_view bytes, error_code&) override {
    request_.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_request_impl(beast::http::verb, beast::string_view, beast::string_view, int, error_code&) override {
  }
  void on_response_impl(int, beast::string_view, int, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_finish_impl(error_code&) override {}
  // Chunks go to ChunkedDecoder, so Beast never calls these two.
  void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, error_code&) override {
    return bytes.size();
  }

  Request& request_;
  FieldRules rules_;
  bool keeps_forwarded_;
  std::optional<Rejection> rejection_;
};

}  // namespace

struct RequestParser::Impl {
  enum class Phase { empty_lines, head, body, chunks, complete, rejected };

  explicit Impl(const ParserLimits& parser_limits) : limits(parser_limits) {}

  std::size_t skip_empty_lines(std::string_view bytes);
  std::size_t parse_head(std::string_view bytes);
  void parse_line(std::string_view line);
  void finish_head(std::string_view fields);
  std::size_t parse_body(std::string_view bytes);
  std::size_t parse_chunks(std::string_view bytes);
  void reject(Rejection why);
  void reset();

  ParserLimits limits;
  Request request;
  Rejection rejection;
  Phase phase = Phase::empty_lines;
  bool body_seen = false;
  std::size_t empty_lines = 0;
  std::size_t line_begin = 0;  ///< of the head's first line that is not whole yet
  std::size_t scanned = 0;     ///< bytes of the head that were searched for a line feed
  std::size_t fields_begin = 0;
  std::size_t field_lines = 0;  ///< that are whole
  std::optional<MessageParser> message;
  std::optional<ChunkedDecoder> chunks;
};

std::size_t RequestParser::Impl::skip_empty_lines(std::string_view bytes) {
  std::size_t skipped = 0;
  for (;;) {
    const std::string_view rest = bytes.substr(skipped, 2);
    if (rest.empty() || rest == "\r") return skipped;
    if (rest.front() != '\r' && rest.front() != '\n') {
      phase = Phase::head;
      return skipped;
    }
    if (rest != "\r\n") {
      reject({400, "A carriage return or line feed stands alone before the request line."});
      return skipped;
    }
    if (++empty_lines > max_empty_lines) {
      reject({400, "Too many empty lines come before the request line."});
      return skipped;
    }
    skipped += 2;
  }
}

/// Checks the lines as they become whole; Beast gets to see the fields when the last one is there. Looks only
/// at bytes within the limit, so that the verdict does not depend on how many came at once. Returns the size
/// of the head, or 0.
std::size_t RequestParser::Impl::parse_head(std::string_view bytes) {
  const std::string_view visible = bytes.substr(0, limits.header);
  for (;;) {
    const std::size_t feed = visible.find('\n', scanned);
    if (feed == visible.npos) break;
    const std::string_view line = visible.substr(line_begin, feed + 1 - line_begin);
    line_begin = scanned = feed + 1;
    if (line == "\r\n") {
      finish_head(visible.substr(fields_begin, scanned - fields_begin));
      return phase == Phase::rejected ? 0 : scanned;
    }
    parse_line(line);
    if (phase == Phase::rejected) return 0;
  }
  scanned = visible.size();
  if (line_begin == 0 && target_exceeds(visible, limits.target)) {
    reject({414, "The request target is too long."});
  } else if (bytes.size() > limits.header && line_begin == 0 && is_token(visible)) {
    reject({501, "The method is longer than any that is known here."});  // RFC 9112 section 3
  } else if (bytes.size() > limits.header) {
    reject({431, "the request line and header fields are longer than " + std::to_string(limits.header) +
                     " bytes"});
  }
  return 0;
}

void RequestParser::Impl::parse_line(std::string_view line) {
  if (fields_begin == 0) {
    fields_begin = line.size();
    if (auto why = parse_request_line(line, limits.target, request)) reject(std::move(*why));
    const bool odd = request.method == Method::known || request.method == Method::other;
    if (odd && limits.noted.log) request.note().method = line.substr(0, line.find(' '));
  } else if (!line.ends_with("\r\n")) {
    reject({400, "A line ends without a carriage return."});
  } else if (line.front() == ' ' || line.front() == '\t') {
    reject({400, "A header line begins with whitespace."});  // RFC 9112 sections 2.2 and 5.2
  } else if (++field_lines > limits.fields) {
    reject({431, "the request has more than " + std::to_string(limits.fields) + " header fields"});
  }
}

void RequestParser::Impl::finish_head(std::string_view fields) {
  message.emplace(request, limits.noted);
  if (auto why = message->parse_fields(fields, limits.body)) return reject(std::move(*why));
  if (message->rules().chunked()) {
    chunks.emplace(limits.body, limits.header);
    phase = Phase::chunks;
  } else {
    phase = message->is_done() ? Phase::complete : Phase::body;
  }
}

std::size_t RequestParser::Impl::parse_body(std::string_view bytes) {
  error_code error;
  const std::size_t size = message->put(asio::buffer(bytes), error);
  if (message->is_done()) phase = Phase::complete;
  return size;
}

std::size_t RequestParser::Impl::parse_chunks(std::string_view bytes) {
  std::string_view rest = bytes;
  switch (chunks->decode(rest, request.body)) {
    case ChunkedDecoder::Status::complete:
      phase = Phase::complete;
      break;
    case ChunkedDecoder::Status::rejected:
      reject(chunks->rejection());
      break;
    case ChunkedDecoder::Status::need_more:
      break;
  }
  return bytes.size() - rest.size();
}

void RequestParser::Impl::reject(Rejection why) {
  rejection = std::move(why);
  phase = Phase::rejected;
}

void RequestParser::Impl::reset() {
  request.method = Method::get;
  for (auto* text : {&request.path, &request.query, &request.content_type, &request.content_encoding,
                     &request.accept, &request.if_match, &request.if_none_match, &request.authorization,
                     &request.api_key, &request.cookie, &request.origin, &request.host, &request.body}) {
    text->clear();
  }
  if (request.body.capacity() > max_kept_capacity) request.body.shrink_to_fit();
  request.forwarded.reset();
  request.notes.reset();
  request.http_1_0 = false;
  request.keep_alive = true;
  phase = Phase::empty_lines;
  body_seen = false;
  empty_lines = line_begin = scanned = fields_begin = field_lines = 0;
  message.reset();
  chunks.reset();
}

RequestParser::RequestParser(const ParserLimits& limits) : impl_(std::make_unique<Impl>(limits)) {}
RequestParser::~RequestParser() = default;
RequestParser::RequestParser(RequestParser&&) noexcept = default;
RequestParser& RequestParser::operator=(RequestParser&&) noexcept = default;

RequestParser::Progress RequestParser::feed(std::string_view bytes) {
  using Phase = Impl::Phase;
  Impl& impl = *impl_;
  std::size_t consumed = 0;
  if (impl.phase == Phase::empty_lines) consumed = impl.skip_empty_lines(bytes);
  if (impl.phase == Phase::head) consumed += impl.parse_head(bytes.substr(consumed));
  if (consumed < bytes.size() && (impl.phase == Phase::body || impl.phase == Phase::chunks)) {
    impl.body_seen = true;
    const std::string_view rest = bytes.substr(consumed);
    consumed += impl.phase == Phase::body ? impl.parse_body(rest) : impl.parse_chunks(rest);
  }
  switch (impl.phase) {
    case Phase::complete:
      return {Status::complete, consumed};
    case Phase::rejected:
      return {Status::rejected, consumed};
    default:
      return {Status::need_more, consumed};
  }
}

bool RequestParser::started() const {
  return impl_->phase != Impl::Phase::empty_lines;
}

bool RequestParser::header_done() const {
  using Phase = Impl::Phase;
  return impl_->phase == Phase::body || impl_->phase == Phase::chunks || impl_->phase == Phase::complete;
}

bool RequestParser::wants_continue() const {
  using Phase = Impl::Phase;
  const bool waiting = impl_->phase == Phase::body || impl_->phase == Phase::chunks;
  return waiting && !impl_->body_seen && !impl_->request.http_1_0 &&
         impl_->message->rules().expects_continue();
}

std::size_t RequestParser::held() const {
  const Request& request = impl_->request;
  const auto* notes = request.notes.get();
  const std::size_t noted = notes == nullptr ? 0 : notes->referer.capacity() + notes->user_agent.capacity();
  return noted + request.authorization.capacity() + request.api_key.capacity() + request.cookie.capacity() +
         request.origin.capacity() + request.path.capacity() + request.query.capacity() +
         request.content_type.capacity() + request.content_encoding.capacity() + request.accept.capacity() +
         request.host.capacity() + request.body.capacity();
}

Request& RequestParser::request() {
  return impl_->request;
}
const Rejection& RequestParser::rejection() const {
  return impl_->rejection;
}
void RequestParser::reset() {
  impl_->reset();
}

}  // namespace troupe::http
