#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "support/time.hpp"

namespace troupe::world {

enum class Deed : std::uint8_t { create, create_many, read, replace, change, remove, list };

/// A row as a client wants it; what is absent is not sent.
struct Wish {
  std::string mark;  ///< its own, of this write only
  std::optional<std::string> id{}, slot{}, amount{};
  bool breaks_check() const { return amount && amount->starts_with('-'); }
};

/// What a client asked for.
struct Asked {
  std::uint64_t number = 0;  ///< in the world, from 1
  std::size_t client = 0;
  std::size_t table = 0;
  Deed deed = Deed::read;
  std::string key{};                       ///< as the path has it; of a list or create: none
  std::vector<Wish> wishes{};              ///< of a write: one; of create_many any number
  std::optional<std::string> if_mark{};    ///< If-Match names the version with this mark
  std::optional<std::string> list_slot{};  ///< a list of rows with this slot only
  std::size_t list_limit = 0;
  TimePoint sent{};   ///< its first byte
  TimePoint whole{};  ///< its last byte; TimePoint::max() as long as it is held back
  bool changes() const { return deed != Deed::read && deed != Deed::list; }
};

/// What came of it.
struct Answered {
  int status = 0;  ///< 0: no answer, the connection ended first
  std::string body{};
  std::string etag{};
  bool unknown = false;  ///< the answer says that nobody knows whether it was done
  bool dropped = false;  ///< the server closed the connection and said nothing
  TimePoint at{};        ///< its last byte; without an answer, the end of the world
};

struct Exchange {
  Asked asked;
  Answered answered;
  bool known_not_done() const { return answered.status >= 400 && !answered.unknown; }
  bool done() const { return answered.status >= 200 && answered.status < 300; }
};

/// A mark without what only makes it long.
std::string shortened_mark(const std::string& mark);

/// For people: "#12 client 3: PUT /notes/5 mark c3-12 → 200".
std::string to_text(const Exchange& exchange, const std::string& path);

/// The names of deeds, for people: "create".
const char* name_of(Deed deed);

}  // namespace troupe::world
