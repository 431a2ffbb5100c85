#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "actors/database/messages.hpp"
#include "sim/transport/link.hpp"

namespace troupe::sim {

/// Makes the messages that our server's endpoints make of the same requests. Immutable; from any thread.
class ItemCommands {
 public:
  explicit ItemCommands(const postgres::SharedResource& items);

  actors::Command command_of(const Call& call, const actors::CommandHead& head) const;
  /// The id of the item in an answer.
  std::int64_t id_of(const actors::RowAnswer& answer) const;

 private:
  void append_values(const std::vector<std::size_t>& places, const ItemValues& item,
                     std::string& elements) const;

  postgres::SharedResource items_;
  std::shared_ptr<const schema::ListQuery> list_;  ///< the first page
};

}  // namespace troupe::sim
