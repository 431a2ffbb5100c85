#pragma once

#include <boost/beast/http/field.hpp>
#include <boost/optional.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

#include "http/server/request.hpp"

namespace troupe::http {

/// What the fields of one header section mean for the message, and what RFC 9110 and 9112 forbid of them
/// beyond their grammar (sections 3.2, 5, 6 and 9.3 of 9112). Give it every field in order, then call
/// `finish`.
class FieldRules {
 public:
  explicit FieldRules(const NotedFields& noted = {}) : noted_(noted) {}

  /// Takes one field; its name and value already match the grammar. Writes what routes need into `request`.
  /// `written`: the name as it came.
  std::optional<Rejection> add(boost::beast::http::field name, std::string_view written,
                               std::string_view value, Request& request);

  /// The header section is whole: what only all the fields together tell. 400, 413, 417 or 501.
  std::optional<Rejection> finish(Request& request, const boost::optional<std::uint64_t>& content_length,
                                  std::size_t body_limit) const;

  /// The client said `Expect: 100-continue` (no verdict yet on whether a body follows).
  bool expects_continue() const { return expects_continue_; }
  /// The body is in chunks; only meaningful after `finish` found nothing wrong.
  bool chunked() const { return has_transfer_encoding_; }

 private:
  std::optional<Rejection> add_host(std::string_view value, Request& request);
  std::optional<Rejection> add_content_length(std::string_view value);
  std::optional<Rejection> add_transfer_encoding(std::string_view value);
  void add_connection(std::string_view value);
  void add_expect(std::string_view value);
  std::optional<Rejection> check_transfer_encoding(bool http_1_0) const;
  void note(boost::beast::http::field name, std::string_view written, std::string_view value,
            Request& request) const;

  NotedFields noted_;
  bool has_host_ = false;
  bool has_content_length_ = false;
  bool has_transfer_encoding_ = false;
  bool chunked_is_last_ = false;
  bool has_other_coding_ = false;
  bool connection_close_ = false;
  bool connection_keep_alive_ = false;
  bool expects_continue_ = false;
  bool expects_other_ = false;
};

/// Keeps `value` in `request` if the field is one in which proxies say whose request it is.
void keep_forwarded(boost::beast::http::field name, std::string_view text, std::string_view value,
                    Request& request);

/// `line` (without CRLF) is `field-name ":" OWS field-value OWS` (RFC 9112 section 5); obs-fold is not.
bool is_field_line(std::string_view line);

}  // namespace troupe::http
