#pragma once

#include <cstdint>
#include <string>

#include "actors/database/messages.hpp"

namespace troupe::tests {

/// The items API's resource as it is declared; always the same object.
const postgres::SharedResource& shared_items();

actors::Command read_item(std::int64_t id);
actors::Command create_item(const std::string& name = "chair");
/// A change of the name.
actors::Command change_item(std::int64_t id, const std::string& name = "table");
actors::Command remove_item(std::int64_t id);
actors::Command list_items(std::int64_t limit = 100);

/// The id that a read, change or removal names; of a create, nothing.
std::int64_t id_in(const actors::Command& command);
/// The name that a create makes an item with.
std::string name_in(const actors::Command& create);

/// An answer with one item of this id, and "chair" as its name unless another is given.
actors::RowAnswer item_answer(std::int64_t id, const std::string& name = "chair");
std::int64_t id_in(const actors::RowAnswer& answer);
std::string name_in(const actors::RowAnswer& answer);

}  // namespace troupe::tests
