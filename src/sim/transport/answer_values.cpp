#include "sim/transport/answer_values.hpp"

#include <re2/re2.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>

#include "sim/client/response_reader.hpp"
#include "support/iequals.hpp"
#include "support/json_text.hpp"

namespace troupe::sim {
namespace {

/// Of nested arrays and objects; Boost.JSON reads 32 when nothing is said.
constexpr std::size_t deepest = 512;

/// A value as later requests send it. Of a number a double is kept: one that does not hold all its digits is
/// none to go on with.
Result<std::string> text_of(const boost::json::value& value) {
  if (const auto* text = value.if_string()) return std::string(*text);
  const auto* number = value.if_double();
  constexpr double largest = 9007199254740992;  // 2^53
  if (number != nullptr && std::abs(*number) >= largest)
    return invalid("has more digits than are kept of a number");
  return value.is_structured() ? boost::json::serialize(value) : json_text(value);
}

bool same_value(const boost::json::value& one, const boost::json::value& other) {
  // Whole numbers are held against each other with all their digits.
  const bool fraction = one.is_double() || other.is_double();
  if (fraction && one.is_number() && other.is_number())
    return one.to_number<double>() == other.to_number<double>();
  return one == other;
}

}  // namespace

std::string only_front_is_kept() {
  return fmt::format("of the body only the first {} bytes were kept", ResponseReader::most_kept_body);
}

std::string AnswerValues::fault_of(const Checks& checks) {
  for (const auto& check : checks.fields) {
    if (field(check.name) == nullptr) return fmt::format("the answer has no field {}", check.name);
    const auto holds = [&](const HttpField& one) {
      return iequals(one.name, check.name) && one.value.find(check.part) != one.value.npos;
    };
    if (std::ranges::none_of(response_.fields, holds))
      return fmt::format("the field {} lacks '{}'", check.name, check.part);
  }
  for (const auto& check : checks.values) {
    const auto found = at(check.pointer);
    if (!found) return found.error().message;
    if (!same_value(**found, boost::json::parse(check.value)))
      return fmt::format("{} is not {}", check.pointer, check.value);
  }
  return {};
}

Result<std::string> AnswerValues::find(const Extraction& extraction) {
  std::string value;
  switch (extraction.from) {
    case Extraction::From::json: {
      const auto found = at(extraction.what);
      if (!found) return found.error();
      if ((*found)->is_null()) return invalid(fmt::format("{} is null", extraction.what));
      auto text = text_of(**found);
      if (!text) return invalid(fmt::format("{} {}", extraction.what, text.error().message));
      value = *std::move(text);
      break;
    }
    case Extraction::From::header: {
      const auto* found = field(extraction.what);
      if (found == nullptr) return invalid(fmt::format("the answer has no field {}", extraction.what));
      value = found->value;
      break;
    }
    case Extraction::From::pattern: {
      auto found = match(*extraction.pattern);
      if (!found) return found.error();
      value = std::move(*found);
      break;
    }
    case Extraction::From::body:
      if (response_.body_is_cut) return invalid(only_front_is_kept());
      value = response_.body;
  }
  if (value.empty()) return invalid(fmt::format("{} is empty", extraction.what));
  return value;
}

Result<std::string> AnswerValues::match(const re2::RE2& pattern) const {
  re2::StringPiece groups[2];
  const auto& body = response_.body;
  const int wanted = 1 + std::min(pattern.NumberOfCapturingGroups(), 1);
  if (!pattern.Match({body.data(), body.size()}, 0, body.size(), re2::RE2::UNANCHORED, groups, wanted)) {
    return invalid(fmt::format("nothing in the body matches {}{}", pattern.pattern(),
                               response_.body_is_cut ? ": " + only_front_is_kept() : ""));
  }
  if (response_.body_is_cut && groups[0].data() + groups[0].size() == body.data() + body.size())
    return invalid(fmt::format("{} matches up to where the body is cut", pattern.pattern()));
  const auto& found = groups[wanted - 1];
  return std::string(found.data(), found.size());
}

Result<const boost::json::value*> AnswerValues::at(std::string_view pointer) {
  if (!json_ && is_json_) {
    boost::system::error_code error;
    auto read = boost::json::parse(response_.body, error, &resource_, {.max_depth = deepest});
    is_json_ = !error;
    if (is_json_) json_ = std::move(read);
  }
  if (!is_json_) {
    return invalid(response_.body_is_cut ? only_front_is_kept() : "the body is not JSON");
  }
  boost::system::error_code error;
  const auto* found = json_->find_pointer(pointer, error);
  if (found == nullptr) return invalid(fmt::format("the body has no {}", pointer));
  return found;
}

const HttpField* AnswerValues::field(std::string_view name) const {
  const auto found =
      std::ranges::find_if(response_.fields, [&](const HttpField& one) { return iequals(one.name, name); });
  return found == response_.fields.end() ? nullptr : &*found;
}

}  // namespace troupe::sim
