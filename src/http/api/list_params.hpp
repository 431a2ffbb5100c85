#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "actors/database/list_answer.hpp"
#include "schema/body.hpp"
#include "schema/list_query.hpp"
#include "schema/resource.hpp"
#include "support/settings.hpp"

namespace troupe::http {

/// Reads the query string of a list of this resource:
/// limit, offset, after, order, fields, count; every other name is a column with or without a lookup behind
/// two underscores (name__icontains). Of a repeated parameter the last one counts. Every fault is reported at
/// once, in pydantic's terms. A parameter that means nothing is one, unless the resource is lenient.
/// `max_offset`: the most rows that may be skipped. Pure; from any thread.
boost::system::result<schema::ListQuery, schema::BodyError> parse_list_params(
    const schema::Resource& resource, std::string_view raw_query,
    std::uint64_t max_offset = LimitSettings{}.max_offset);

/// The query string of the page that follows `page`, which was asked for with `raw_query`: all that decides
/// what is listed, and where to go on: behind the last row, or by offset where the rows have no order of
/// their own. Empty where rows that only an offset finds would be further than `max_offset`.
std::string next_link_query(const schema::Resource& resource, std::string_view raw_query,
                            const actors::ListAnswer& page,
                            std::uint64_t max_offset = LimitSettings{}.max_offset);

/// Reads the query string of one row: the places of the columns that `fields` names; empty: all. Faults as
/// those of a list.
boost::system::result<std::vector<std::size_t>, schema::BodyError> parse_row_params(
    const schema::Resource& resource, std::string_view raw_query);

}  // namespace troupe::http
