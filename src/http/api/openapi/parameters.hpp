#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>

#include "schema/resource.hpp"

namespace troupe::http {

/// The query parameters of a list, which may skip `max_offset` rows.
boost::json::array list_parameters(const schema::Resource& resource, std::uint64_t max_offset);

/// The segments of a row's path.
boost::json::array key_parameters_of(const schema::Resource& resource);

/// The parameter `fields`.
boost::json::object fields_parameter(const schema::Resource& resource);

/// A header field of the request.
boost::json::object header_parameter(std::string_view name, std::string_view description, bool required);

}  // namespace troupe::http
