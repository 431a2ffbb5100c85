#include "http/server/header_rules.hpp"

#include <boost/beast/core/string.hpp>
#include <string>

#include "http/server/authority.hpp"
#include "support/characters.hpp"
#include "support/iequals.hpp"

namespace troupe::http {

namespace {

using boost::beast::http::field;
using MaybeRejection = std::optional<Rejection>;

/// Calls `visit` with each element of a comma-separated list that is not empty (RFC 9110 section 5.6.1.2); a
/// comma within a quoted string separates nothing.
template <class Visit>
void for_each_element(std::string_view list, Visit visit) {
  std::size_t begin = 0;
  bool quoted = false;
  for (std::size_t i = 0; i <= list.size(); ++i) {
    const bool at_end = i == list.size();
    if (!at_end && list[i] == '"') quoted = !quoted;
    if (!at_end && quoted && list[i] == '\\') ++i;
    if (!at_end && (quoted || list[i] != ',')) continue;
    const std::string_view element = trim_whitespace(list.substr(begin, i - begin));
    if (!element.empty()) visit(element);
    begin = i + 1;
  }
}

void append_to_list(std::string& list, std::string_view value) {
  if (!list.empty()) list += ", ";
  list += value;
}

}  // namespace

MaybeRejection FieldRules::add(field name, std::string_view written, std::string_view value,
                               Request& request) {
  switch (name) {
    case field::host:
      return add_host(value, request);
    case field::content_length:
      return add_content_length(value);
    case field::transfer_encoding:
      return add_transfer_encoding(value);
    case field::connection:
      add_connection(value);
      break;
    case field::expect:
      add_expect(value);
      break;
    case field::content_type:
      append_to_list(request.content_type, value);
      break;
    case field::content_encoding:
      append_to_list(request.content_encoding, value);
      break;
    case field::if_match:
      append_to_list(request.if_match, value);
      break;
    case field::if_none_match:
      append_to_list(request.if_none_match, value);
      break;
    case field::accept:
      append_to_list(request.accept, value);
      break;
    default:
      note(name, written, value, request);
      break;
  }
  return std::nullopt;
}

/// What no route looks at, where somebody else does. A list of one element is the usual case; what may be
/// there only once is judged by who reads it.
void FieldRules::note(field name, std::string_view written, std::string_view value, Request& request) const {
  constexpr std::string_view api_key = "X-API-Key", request_id = "X-Request-Id", trace_parent = "traceparent";
  switch (name) {
    case field::unknown:
      if (noted_.who && written.size() == api_key.size() && iequals(written, api_key))
        append_to_list(request.api_key, value);
      if (written.size() == request_id.size() && iequals(written, request_id))
        append_to_list(request.note().request_id, value);
      if (noted_.trace && written.size() == trace_parent.size() && iequals(written, trace_parent))
        append_to_list(request.note().trace_parent, value);
      break;
    case field::authorization:
      if (noted_.who) append_to_list(request.authorization, value);
      break;
    case field::cookie:
      if (noted_.who && !request.cookie.empty()) request.cookie += "; ";  // RFC 9113 section 8.2.3
      if (noted_.who) request.cookie += value;
      break;
    case field::origin:
      if (noted_.who || noted_.cors) append_to_list(request.origin, value);
      break;
    case field::access_control_request_method:
      if (noted_.cors) append_to_list(request.note().wanted_method, value);
      break;
    case field::referer:
      if (noted_.log) append_to_list(request.note().referer, value);
      break;
    case field::user_agent:
      if (noted_.log) append_to_list(request.note().user_agent, value);
      break;
    default:
      break;
  }
}

MaybeRejection FieldRules::finish(Request& request, const boost::optional<std::uint64_t>& content_length,
                                  std::size_t body_limit) const {
  if (has_transfer_encoding_) {
    if (auto rejection = check_transfer_encoding(request.http_1_0)) return rejection;
  }
  if (!has_host_ && !request.http_1_0) return Rejection{400, "The Host field is missing."};
  // A server must ignore the expectations of an HTTP/1.0 client (RFC 9110 section 10.1.1).
  if (expects_other_ && !request.http_1_0)
    return Rejection{417, "Only the expectation 100-continue can be met."};
  if (content_length && *content_length > body_limit) return Rejection{413, "The body is too large."};
  // Behind a CONNECT a proxy takes all that its client sends for a tunnel's, before it hears that there is
  // none: nothing of it may be a request.
  const bool is_connect = request.path.empty();
  request.keep_alive = !connection_close_ && !is_connect && (connection_keep_alive_ || !request.http_1_0);
  return std::nullopt;
}

/// Host = uri-host [ ":" port ] (RFC 9110 section 7.2); a URI of http without a host names nothing (section
/// 4.2.1).
MaybeRejection FieldRules::add_host(std::string_view value, Request& request) {
  if (has_host_) return Rejection{400, "The Host field is repeated."};
  has_host_ = true;
  if (!is_host_and_port(value)) return Rejection{400, "The Host field names no valid host."};
  // The authority of an absolute-form target wins (RFC 9112 section 3.2.2).
  if (request.host.empty()) request.host.assign(value);
  return std::nullopt;
}

/// RFC 9110 section 8.6 lets a recipient refuse a list or a repetition of identical values: whoever sends
/// that is not one program, and the two might not agree about what follows.
MaybeRejection FieldRules::add_content_length(std::string_view value) {
  if (has_content_length_) return Rejection{400, "The Content-Length field is repeated."};
  has_content_length_ = true;
  if (value.empty() || !all_in(value, digit_char))
    return Rejection{400, "The Content-Length is not a number."};
  return std::nullopt;
}

/// Transfer-Encoding = #transfer-coding (RFC 9112 section 6.1); the verdict needs all of them.
MaybeRejection FieldRules::add_transfer_encoding(std::string_view value) {
  has_transfer_encoding_ = true;
  MaybeRejection rejection;
  for_each_element(value, [&](std::string_view coding) {
    const std::string_view name = trim_whitespace(coding.substr(0, coding.find(';')));
    if (!is_token(name)) {
      rejection = Rejection{400, "A transfer coding is not a token."};
    } else if (chunked_is_last_) {
      rejection = Rejection{400, "The chunked transfer coding is not the last, or is applied twice."};
    } else if (!iequals(name, "chunked")) {
      has_other_coding_ = true;
    } else if (name.size() != coding.size()) {
      rejection = Rejection{400, "The chunked transfer coding has parameters."};  // section 7.1
    } else {
      chunked_is_last_ = true;
    }
  });
  return rejection;
}

MaybeRejection FieldRules::check_transfer_encoding(bool http_1_0) const {
  if (has_content_length_) return Rejection{400, "Both Transfer-Encoding and Content-Length are given."};
  if (http_1_0) return Rejection{400, "HTTP/1.0 has no Transfer-Encoding."};
  // Section 6.3 makes 400 a MUST when the end of the body cannot be found; 501 (section 6.1, SHOULD) is for
  // the rest.
  if (!chunked_is_last_) return Rejection{400, "The last transfer coding is not chunked."};
  if (has_other_coding_) return Rejection{501, "The only transfer coding understood here is chunked."};
  return std::nullopt;
}

void FieldRules::add_connection(std::string_view value) {
  for_each_element(value, [this](std::string_view option) {
    if (iequals(option, "close")) connection_close_ = true;
    if (iequals(option, "keep-alive")) connection_keep_alive_ = true;
  });
}

void FieldRules::add_expect(std::string_view value) {
  for_each_element(value, [this](std::string_view expectation) {
    const bool is_continue = iequals(expectation, "100-continue");
    (is_continue ? expects_continue_ : expects_other_) = true;
  });
}

void keep_forwarded(field name, std::string_view text, std::string_view value, Request& request) {
  const bool standard = name == field::forwarded;
  if (!standard && !iequals(text, "X-Forwarded-For")) return;
  if (!request.forwarded) request.forwarded = std::make_shared<ForwardedFields>();
  append_to_list(standard ? request.forwarded->forwarded : request.forwarded->x_forwarded_for, value);
}

bool is_field_line(std::string_view line) {
  const std::size_t colon = line.find(':');
  return colon != line.npos && is_token(line.substr(0, colon)) && all_in(line.substr(colon + 1), field_char);
}

}  // namespace troupe::http
