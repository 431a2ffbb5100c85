#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "schema/resource.hpp"

// JSON Schemas of columns and rows.

namespace troupe::http {

/// A reference to the component schema of that name.
boost::json::object schema_ref(const std::string& name);

/// Values to compare the column with: of its type, never null.
boost::json::object compared_value_schema(const schema::Column& column);

/// A row as answers show it: what a resource file demands of values need not be true of those that were
/// there before.
boost::json::object shown_row_schema(const schema::Resource& resource);
/// A body of POST: one row.
boost::json::object new_row_schema(const schema::Resource& resource);
/// A body of PUT. The same as that of POST where the key is in neither: `replaced_as_created`.
boost::json::object replacement_schema(const schema::Resource& resource);
bool replaced_as_created(const schema::Resource& resource);
/// A body of PATCH.
boost::json::object change_schema(const schema::Resource& resource);

}  // namespace troupe::http
