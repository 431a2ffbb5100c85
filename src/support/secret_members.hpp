#pragma once

#include <string>
#include <string_view>

namespace troupe {

/// A text in which the values of secret names in JSON are "***", arrays and objects as a whole: also in JSON
/// that stands in a text of JSON. What is cut off in the middle of a value is masked to its end.
std::string mask_members(std::string_view text);

}  // namespace troupe
