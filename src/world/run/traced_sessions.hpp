#pragma once

#include <functional>
#include <string>

#include "actors/database/database_session.hpp"

namespace troupe::world {

/// Sessions that tell what is sent over them and what comes back, one line each, and else are those of
/// `open`.
actors::OpenSession traced_sessions(actors::OpenSession open, std::function<void(const std::string&)> tell);

}  // namespace troupe::world
