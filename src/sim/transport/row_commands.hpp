#pragma once

#include <optional>

#include "actors/database/messages.hpp"
#include "sim/transport/link.hpp"

namespace troupe::sim {

/// The message that our server's endpoint makes of the same request. The call has a table or calls a
/// query. Nothing where the endpoint would refuse the scenario's own values (422).
std::optional<actors::Command> command_of(const Call& call, const actors::CommandHead& head);

/// The key of the row in an answer, or an empty one where the resource has none.
RowKey key_of(const schema::Resource& resource, const actors::RowAnswer& answer);

}  // namespace troupe::sim
