#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace troupe::http {

/// The methods a server must tell apart. `other` is a well-formed token we do not implement (501);
/// `known` is one RFC 9110 or a registry defines but no route of ours allows (405), e.g. TRACE.
enum class Method { get, head, post, put, patch, delete_, options, known, other };

/// As it is written in a request; empty for those that stand for several.
std::string_view name_of(Method method);

/// Which fields are kept although few servers look at them: what nobody looks at is not copied.
struct NotedFields {
  bool log = false;        ///< Referer, User-Agent, and the method as it was written where it is an odd one
  bool who = false;        ///< Authorization, X-API-Key, Cookie and Origin: somebody asks who it is
  bool cors = false;       ///< Origin and Access-Control-Request-Method
  bool trace = false;      ///< traceparent
  bool forwarded = false;  ///< what proxies say of the client
};

/// What of a request no route looks at. A field that the client repeated is joined, as in Request.
struct RequestNotes {
  std::string method{};         ///< as it was written, when `Method` does not tell
  std::string wanted_method{};  ///< Access-Control-Request-Method
  std::string request_id{};     ///< X-Request-Id: the client's as it came, until it is judged (answer_fields)
  std::string trace_parent{};
  std::string span_id{};  ///< of this server, within the trace; empty: none was made
  std::string referer{};
  std::string user_agent{};
};

/// How much of a message is accepted: all settings ([server] header_limit, target_limit, body_limit,
/// header_fields).
struct ParserLimits {
  std::size_t header = 16 * 1024;  ///< bytes
  std::size_t target = 8 * 1024;   ///< bytes
  std::size_t body = 1024 * 1024;  ///< bytes
  std::size_t fields = 100;        ///< lines of the header section
  NotedFields noted{};
};

/// What proxies say of whose request it is: the fields X-Forwarded-For and Forwarded, each a list.
struct ForwardedFields {
  std::string x_forwarded_for, forwarded;
};

/// One request as the routes see it. Strings keep their capacity when the parser is reset.
struct Request {
  Method method = Method::get;
  /// Without query and percent-encoded, but for what needs no encoding; "*" for asterisk-form, empty for
  /// CONNECT.
  std::string path;
  std::string query;  ///< as received, without the question mark
  // Fields that the client repeated are joined with ", " (RFC 9110 section 5.3).
  std::string content_type;
  std::string content_encoding;
  std::string accept;
  std::string if_match;
  std::string if_none_match;
  std::string authorization;
  std::string api_key;  ///< X-API-Key
  std::string cookie;   ///< joined with "; "
  std::string origin;
  std::string host;  ///< the authority the client named: of an absolute-form target, else Host; may be empty
  std::string body;  ///< de-chunked
  /// Null unless there is something, and a proxy may be believed (limits.trusted_proxies).
  std::shared_ptr<ForwardedFields> forwarded{};
  std::shared_ptr<RequestNotes> notes{};  ///< null: nothing of that came, or nobody wants it
  bool http_1_0 = false;
  bool keep_alive = true;  ///< what the client's version and Connection field ask for (RFC 9112 section 9.3)

  /// The notes, made when there are none.
  RequestNotes& note() {
    if (!notes) notes = std::make_shared<RequestNotes>();
    return *notes;
  }
};

/// Why a message is refused: the connection is answered with `status` and then closed.
struct Rejection {
  int status = 400;
  std::string detail;  ///< one sentence for the client
};

}  // namespace troupe::http
