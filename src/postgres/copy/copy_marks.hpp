#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "postgres/copy/copy_session.hpp"
#include "support/result.hpp"

// How a copy is known from every other database: by its name and by a comment that only this program writes.
// In use it is as long as somebody is connected to it or its maker's session holds an advisory lock of its
// name, both of which end with the maker, however that ends.

namespace troupe::postgres {

/// A database whose name begins like a copy's.
struct FoundCopy {
  std::string name;
  std::string mark;     ///< what its comment says
  bool marked = false;  ///< the comment is a copy's: else it is left alone
  bool in_use = false;
  std::optional<std::int64_t> bytes{};  ///< nothing where the user may not connect to it
};

/// A name that no other database has: "troupe_copy_20261126_221530_4711".
std::string new_copy_name();
/// The name of what is made of a copy again and again, as its runs change it.
std::string run_name(const std::string& copy);

/// Marks a database that was just made as a copy of `source`, by this process, now.
Result<void> mark_copy(CopySession& session, const std::string& name, const std::string& source);

/// Takes the lock of a copy's name; it lasts as long as the session.
Result<void> lock_copy(CopySession& session, const std::string& name);

/// All on this server, whoever made them, by name.
Result<std::vector<FoundCopy>> find_copies(CopySession& session);

/// Removes a copy that nobody uses. Error: what is not marked or in use is left alone.
Result<void> remove_copy(CopySession& session, const std::string& name);

/// A session in another database than the copies and, where that is possible, than conninfo's: "postgres".
Result<CopySession> maintenance_session(const std::string& conninfo, std::chrono::milliseconds timeout,
                                        GiveUp give_up);

}  // namespace troupe::postgres
