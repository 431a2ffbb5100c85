#pragma once

#include <string>
#include <vector>

namespace troupe {

/// One fault of one field of a client's request, as FastAPI reports it.
struct FieldFault {
  std::vector<std::string> loc;  ///< where: {"body", "price"}
  std::string msg;               ///< what is wrong and what is allowed, for people
  std::string type;              ///< the same for programs: "missing", "string_too_long", ...
  bool operator==(const FieldFault&) const = default;
};

}  // namespace troupe
