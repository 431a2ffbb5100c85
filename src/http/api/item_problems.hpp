#pragma once

#include <vector>

#include "http/server/problem.hpp"
#include "items/codec.hpp"

namespace troupe::http {

/// 422: the request's form is right, and its values are not those of an item.
Problem invalid_item(std::vector<FieldFault> faults);

/// 422: valid by our rules, refused by the table's own (a narrower column, a constraint of its maker).
Problem item_rejected_by_database();

/// 400 or 422, by the kind of a reader's error.
Problem problem_of(const items::BodyError& error);

}  // namespace troupe::http
