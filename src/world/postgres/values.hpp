#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "postgres/wire/params.hpp"
#include "postgres/wire/pipeline.hpp"
#include "schema/resource.hpp"
#include "world/postgres/model_settings.hpp"

// Values of the modelled types: integer, boolean, real, text and uuid.

namespace troupe::world {

/// A parameter's value, in binary format.
Cell param_of(const postgres::Params& params, std::size_t index);
/// The elements of a parameter that is an array.
std::vector<Cell> array_of(const postgres::Params& params, std::size_t index);

/// Makes of a value that was sent what a column keeps and sends back: what an assignment's cast does.
/// Nothing: it is in `stored`.
std::optional<postgres::StatementError> store(const schema::Column& column, const Cell& sent, Cell& stored);

/// How two values of a column's type compare; either may be as sent or as stored. Neither NaN nor null.
std::strong_ordering compare(const schema::Column& column, std::string_view left, std::string_view right);

/// What the type's output function writes; "null" for null.
std::string text_of(const schema::Column& column, const Cell& cell);

/// A row's key.
Key key_of(const schema::Resource& resource, const Cells& row);
/// The key that values which were sent name, one for each of its columns; nothing when one is null, since
/// null equals nothing. What is returned is wrong with them.
std::optional<postgres::StatementError> find_key(const schema::Resource& resource,
                                                 const std::vector<Cell>& sent, std::optional<Key>& key);

}  // namespace troupe::world
