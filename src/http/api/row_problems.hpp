#pragma once

#include <vector>

#include "actors/database/messages.hpp"
#include "http/server/problem.hpp"
#include "schema/body.hpp"
#include "schema/resource.hpp"

namespace troupe::http {

/// 422: the request's form is right, and its values are not those of such a row.
Problem invalid_row(const schema::Resource& resource, std::vector<FieldFault> faults);

/// 400, 413 or 422, by the kind of a reader's error.
Problem problem_of(const schema::Resource& resource, const schema::BodyError& error);

/// 409, 403 or 422: valid by our rules, refused by the database's own (a constraint, a trigger, a privilege).
/// What it says of the values is told, what it says of the database is not.
Problem refused_write(const schema::Resource& resource, const actors::Failure& failure);

/// Is there a row of that key already?
bool is_about_key(const schema::Resource& resource, const actors::Failure& failure);

/// What a refusal means for who only reads: 403, or 400, since what was asked for cannot be looked up.
Problem refused_read(const actors::Failure& failure);

Problem precondition_failed(const schema::Resource& resource);    ///< 412
Problem precondition_required(const schema::Resource& resource);  ///< 428

}  // namespace troupe::http
