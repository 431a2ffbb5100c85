#pragma once

#include <optional>
#include <string_view>

#include "http/server/exchange.hpp"
#include "http/server/response.hpp"
#include "support/content_format.hpp"

namespace troupe::http {

/// A form to answer in, under the name that the client knows.
struct AnswerType {
  ContentFormat format = ContentFormat::json;
  std::string_view name;  ///< for the Content-Type field
  bool page = false;      ///< a page for people, text/html; the format is JSON then
};

/// Which forms there are: for programs only, or a page, too.
enum class AnswerForms { data, with_pages };

/// The form to answer in, by the Accept field's value (RFC 9110 section 12.5.1): the most specific range
/// decides a name's quality, the higher quality wins, of equal ones JSON, then the registered name of
/// MessagePack, and a page last; empty means anything goes. nullopt: none is acceptable (406). Parameters but
/// `q` are not looked at.
std::optional<AnswerType> choose_answer_type(std::string_view accept, AnswerForms forms = AnswerForms::data);

/// The form of a body by its Content-Type: application/json and application/*+json in UTF-8, the three names
/// MessagePack goes by. nullopt: none of ours (415). A patch in a language of its own is none, and a body
/// that does not say what it is neither: a page of another origin can send that without being asked (Fetch
/// standard, "CORS-safelisted request-header").
std::optional<ContentFormat> read_format(std::string_view content_type);

/// The Content-Type of an answer in this form.
std::string_view content_type_of(ContentFormat format);

/// Settles the form of the answer before anything is done; the response is 406 when there is none. There are
/// pages of resources and of queries.
std::optional<Response> choose_format(Exchange& exchange);
std::optional<Response> choose_format(Exchange& exchange, AnswerForms forms);

}  // namespace troupe::http
