#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace troupe {

/// The value as JSON on one line, with numbers as people write them: 12.5, where Boost.JSON's own text is
/// 1.25E1.
std::string json_text(const boost::json::value& value);

}  // namespace troupe
