#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::postgres {

/// PostgreSQL type OIDs (pg_type.dat); the only types Troupe sends.
enum class Oid : unsigned {
  boolean = 16,
  bytea = 17,
  int8 = 20,
  text = 25,
  float8 = 701,
  bool_array = 1000,
  bytea_array = 1001,
  text_array = 1009,
  int8_array = 1016,
  float8_array = 1022
};

/// The parameters of one statement in PostgreSQL's binary format (network byte order; arrays as in
/// array_send), in one buffer that can be cleared and used again without giving its memory back. Not
/// thread-safe.
class Params {
 public:
  void add_int8(std::int64_t value);
  void add_text(std::string_view value);
  void add_null(Oid type);
  /// A value in its type's binary format already.
  void add_binary(Oid type, std::string_view value);
  void add_int8_array(std::span<const std::int64_t> values);
  void add_text_array(std::span<const std::optional<std::string_view>> values);
  /// An array of `count` elements that are in array_send's form already: `bytes` of them, each its length
  /// (-1: null) and its value. The caller fills in what is returned, before anything else is added.
  char* add_array(Oid type, Oid element, std::size_t count, std::size_t bytes);
  void clear();

  std::size_t size() const { return offsets_.size(); }
  std::span<const Oid> types() const { return types_; }
  /// The pointers and lengths as PQsendQueryPrepared wants them; valid until the next change of this object.
  std::span<const char* const> values() const;
  std::span<const int> lengths() const { return lengths_; }
  std::span<const int> formats() const;  ///< all 1: binary

 private:
  char* begin(Oid type, std::size_t length);

  std::string buffer_;
  std::vector<std::size_t> offsets_;
  std::vector<Oid> types_;
  std::vector<int> lengths_;
  mutable std::vector<const char*> pointers_;
  mutable std::vector<int> formats_;
};

}  // namespace troupe::postgres
