#pragma once

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace troupe::actors {

/// Owns a descriptor, or none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      close();
      number_ = other.release();
    }
    return *this;
  }

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  int release() { return std::exchange(number_, -1); }
  void close();

 private:
  int number_ = -1;
};

/// What every stream over TCP does with its socket, whoever waits for it. None of these blocks.

/// Nothing waits for a full packet. A socket that is already gone fails at its first read.
void prepare_stream_socket(int socket);
/// As ByteStream::read_some.
std::size_t receive_now(int socket, std::span<char> into, boost::system::error_code& error);
/// As ByteStream::write_some.
std::size_t send_now(int socket, std::span<const std::string_view> pieces, boost::system::error_code& error);
/// Bytes that the system holds and the other side has not acknowledged.
std::size_t unacknowledged(int socket);
/// Tells the other side that no more will be written.
void end_writing(int socket, boost::system::error_code& error);

}  // namespace troupe::actors
