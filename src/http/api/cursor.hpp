#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "schema/list_query.hpp"
#include "schema/resource.hpp"

namespace troupe::http {

// Where a list goes on: the values of the order's columns in the last row of the page before. Of an order by
// the only column of a key, an integer, it is that number, which a client may make up; else it is opaque.

/// `elements`: one for each term of the order.
std::string write_cursor(const schema::Resource& resource, std::span<const schema::OrderTerm> order,
                         std::string_view elements);
/// The elements again; nullopt: it is no cursor of this order.
std::optional<std::string> read_cursor(const schema::Resource& resource,
                                       std::span<const schema::OrderTerm> order, std::string_view text);
/// Is a cursor of this order a number?
bool is_number_cursor(const schema::Resource& resource, std::span<const schema::OrderTerm> order);

}  // namespace troupe::http
