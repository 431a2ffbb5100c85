#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "actors/database/messages.hpp"
#include "postgres/wire/params.hpp"
#include "postgres/wire/pipeline.hpp"

namespace troupe::tests {

/// A value as it is sent; nothing: null.
using SentValue = std::optional<std::string>;
/// Values of columns, by name.
using SentValues = std::map<std::string, SentValue>;
using SentKey = std::vector<SentValue>;

SentValue integer(std::int64_t value);
SentValue real(double value);
SentValue boolean(bool value);

/// Commands of any resource.
actors::Command create_rows(const postgres::SharedResource& resource, const std::vector<SentValues>& rows);
actors::Command read_row(const postgres::SharedResource& resource, const SentKey& key);
/// `kind`: change, replace or put. `versions`: not of a put.
actors::Command set_row(actors::CommandKind kind, const postgres::SharedResource& resource,
                        const SentKey& key, const SentValues& values, const SentValue& versions = {});
actors::Command remove_row(const postgres::SharedResource& resource, const SentKey& key,
                           const SentValue& versions = {});

/// A statement with its parameters.
struct SentStatement {
  postgres::Statement statement;
  postgres::Params params;
};
/// What a database actor sends for these commands, of one kind and resource.
SentStatement statement_of(std::vector<actors::Command> commands);
/// The statement that locks these rows, in this order.
SentStatement lock_of(const postgres::SharedResource& resource, const std::vector<SentKey>& keys);

}  // namespace troupe::tests
