#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/import/json_document.hpp"

// A HAR file (1.2) as a list of requests.

namespace troupe::sim {

using HarPairs = std::vector<std::pair<std::string, std::string>>;

struct HarBody {
  enum class Kind { none, json, form, other };
  Kind kind = Kind::none;
  std::string type;         ///< as the recording has it
  boost::json::value json;  ///< of Kind::json
  HarPairs form;            ///< of Kind::form, decoded
};

struct HarRequest {
  std::string method;
  std::string origin;  ///< "https://shop.example:8443"
  std::string path;    ///< percent-encoded
  HarPairs query;      ///< decoded
  HarPairs headers;
  HarBody body;
  int status = 0;                            ///< of the answer; 0: there was none
  std::optional<boost::json::value> answer;  ///< if it was JSON
  HarPairs answer_headers;
  HarPairs cookies;             ///< that it sent or was given, and their attributes
  std::optional<double> begin;  ///< seconds since 1970
  double took = 0;              ///< seconds
  bool is_static = false;       ///< an image, a style, a script, a font
};

/// What a recording has, and what of it is not HTTP requests of the kinds that scenarios know.
struct HarRecording {
  std::vector<HarRequest> requests;
  std::size_t others = 0;
};

/// Error: one line, as the end of a sentence about the document.
Result<HarRecording> read_har(std::string_view text);

}  // namespace troupe::sim
