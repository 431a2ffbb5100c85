#pragma once

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace troupe::actors {

/// Who reads and writes a stream. Called on the thread that uses the stream; alive as long as the stream owes
/// it a call.
class StreamUser {
 public:
  /// Answers `wait_readable`.
  virtual void on_readable(boost::system::error_code error) = 0;
  /// Answers `wait_writable`.
  virtual void on_writable(boost::system::error_code error) = 0;

 protected:
  ~StreamUser() = default;
};

/// What a session needs of its client: bytes both ways, without blocking. A TCP socket, or what a test puts
/// in its place. Used by one thread.
class ByteStream {
 public:
  ByteStream() = default;
  virtual ~ByteStream() = default;
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  /// Calls `user` once, when reading would give something: bytes, the end or an error. One wait at a time.
  virtual void wait_readable(std::shared_ptr<StreamUser> user) = 0;
  /// Reads what is there, `into.size()` bytes at most; would_block when nothing is.
  virtual std::size_t read_some(std::span<char> into, boost::system::error_code& error) = 0;

  /// Calls `user` once, when writing would do something: take bytes or give an error. One wait at a time.
  virtual void wait_writable(std::shared_ptr<StreamUser> user) = 0;
  static constexpr std::size_t max_pieces = 2;
  /// Writes what fits now of these pieces (one to `max_pieces`), as if they were one; would_block when
  /// nothing does.
  virtual std::size_t write_some(std::span<const std::string_view> pieces,
                                 boost::system::error_code& error) = 0;
  /// How many bytes that were written the client has not got yet.
  virtual std::size_t on_the_way() = 0;
  /// Tells the client that no more will be written; what it sends can still be read.
  virtual void end_writing(boost::system::error_code& error) = 0;

  /// Ends both ways, and what is waited for with an error.
  virtual void close() = 0;
};

}  // namespace troupe::actors
