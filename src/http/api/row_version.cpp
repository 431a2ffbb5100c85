#include "http/api/row_version.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "schema/element.hpp"
#include "support/parse.hpp"

namespace troupe::http {
namespace {

/// Takes the next tag of a list off its front, with its quotes and without a W/ (RFC 9110 section 8.8.3);
/// empty at its end.
std::string_view take_tag(std::string_view& list) {
  while (!list.empty()) {
    const auto begin = list.find('"');
    if (begin == std::string_view::npos) break;
    const auto end = list.find('"', begin + 1);
    if (end == std::string_view::npos) break;
    const auto tag = list.substr(begin, end - begin + 1);
    list.remove_prefix(end + 1);
    return tag;
  }
  list = {};
  return {};
}

/// The xmin that our tag begins with, as digits; empty: it is none of ours.
std::string_view version_in(std::string_view tag) {
  const auto digits = tag.substr(1, tag.find_first_not_of("0123456789", 1) - 1);
  const bool ours = !digits.empty() && digits.size() <= 10 && tag.size() > digits.size() + 2;
  return ours ? digits : std::string_view{};
}

}  // namespace

std::string entity_tag(std::string_view xmin, std::string_view form, std::string_view columns,
                       std::span<const std::size_t> fields) {
  const auto version = static_cast<std::uint32_t>(schema::integer_of(xmin));
  std::array<char, 10> digits;
  std::string tag(1, '"');
  tag.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), version).ptr);
  tag += form;
  tag += columns;
  for (const auto place : fields) tag += '.' + std::to_string(place);
  return tag + '"';
}

Precondition precondition_of(const Request& request) {
  Precondition precondition;
  precondition.must_be_new = trim(request.if_none_match) == "*";
  if (request.if_match.empty()) return precondition;
  precondition.none = false;
  if (trim(request.if_match) == "*") return precondition;
  std::string versions;
  std::string_view list = request.if_match;
  while (true) {
    const bool weak =
        trim(list.substr(0, list.find('"'))).ends_with("W/");  // matches nothing: RFC 9110 section 13.1.1
    const auto tag = take_tag(list);
    if (tag.empty()) break;
    const auto version = weak ? std::string_view{} : version_in(tag);
    if (version.empty()) continue;
    if (!versions.empty()) versions += ',';
    versions += version;
  }
  precondition.impossible = versions.empty();
  precondition.versions = std::move(versions);
  return precondition;
}

void append_versions(const Precondition& precondition, std::string& elements) {
  if (!precondition.versions) return schema::append_null_element(elements);
  schema::append_text_element(*precondition.versions, elements);
}

bool names_tag(std::string_view if_none_match, std::string_view tag) {
  if (trim(if_none_match) == "*") return true;
  for (auto named = take_tag(if_none_match); !named.empty(); named = take_tag(if_none_match)) {
    if (named == tag) return true;
  }
  return false;
}

}  // namespace troupe::http
