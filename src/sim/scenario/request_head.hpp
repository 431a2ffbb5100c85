#pragma once

#include <string>
#include <vector>

#include "sim/scenario/text_template.hpp"

namespace troupe::sim {

/// A field of requests' heads as a scenario or a flag gives it. An empty value: the field is left out, also
/// where another place gives it for all.
struct FieldText {
  std::string name;
  std::string value;     ///< with placeholders; of `basic` "USER:PASSWORD"
  bool basic = false;    ///< Authorization: Basic (RFC 7617)
  bool literal = false;  ///< the value has no placeholders: a brace is a brace
};

/// What a task adds to the head of its HTTP request, ready to be filled in.
struct RequestHead {
  TextTemplate fields{TextTemplate::Escape::header};  ///< each behind a line end
  TextTemplate basic{TextTemplate::Escape::header};   ///< USER:PASSWORD; empty: none
  bool host = false;                                  ///< `fields` has a Host
  bool content_type = false;                          ///< `fields` has a Content-Type

  bool empty() const { return fields.empty() && basic.empty(); }
  bool is_constant() const { return fields.is_constant() && basic.is_constant(); }
};

}  // namespace troupe::sim
