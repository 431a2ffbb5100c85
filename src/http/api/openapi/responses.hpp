#pragma once

#include <boost/json/object.hpp>
#include <initializer_list>
#include <string_view>

namespace troupe::http {

/// The component responses: every error by its status; "415-patch" is that to PATCH.
boost::json::object error_responses();

/// Adds the component responses to who may not do something, where there are rules of that.
void add_refusals(boost::json::object& responses);

/// The component headers of answers: ETag, Link, Location, Vary, X-Total-Count.
boost::json::object answer_headers();

/// The headers of an answer, by their names.
boost::json::object headers_of(std::initializer_list<std::string_view> names);

/// The answers of an operation: those given, the errors that it can end in, and those of any request.
boost::json::object with_errors(boost::json::object responses,
                                std::initializer_list<std::string_view> errors);

/// The component schemas Problem and Fault.
boost::json::object problem_schema();
boost::json::object fault_schema();

}  // namespace troupe::http
