#pragma once

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "sim/scenario/answer_use.hpp"
#include "sim/transport/http_response.hpp"
#include "support/result.hpp"

namespace troupe::sim {

/// Why something may not be found in a body that was longer than what a link keeps.
std::string only_front_is_kept();

/// What checks and extractions find in one answer. JSON is read once, when it is first asked for. Lives no
/// longer than the response.
class AnswerValues {
 public:
  explicit AnswerValues(const HttpResponse& response) : response_(response) {}

  /// Why the answer is not what is demanded, in a line that is the same for all answers of that kind; empty:
  /// it is. The status is for others to judge.
  std::string fault_of(const Checks& checks);
  /// A value as a text that is not empty. Error: the same.
  Result<std::string> find(const Extraction& extraction);

 private:
  Result<const boost::json::value*> at(std::string_view pointer);
  Result<std::string> match(const re2::RE2& pattern) const;
  const HttpField* field(std::string_view name) const;

  const HttpResponse& response_;
  std::array<unsigned char, 4096> memory_;
  boost::json::monotonic_resource resource_{memory_.data(), memory_.size()};
  std::optional<boost::json::value> json_;
  bool is_json_ = true;
};

}  // namespace troupe::sim
