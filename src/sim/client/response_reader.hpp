#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sim/client/head_reader.hpp"

namespace troupe::sim {

/// Reads one response as a client of HTTP/1.1 must (RFC 9110 and 9112), from bytes as they come, and keeps no
/// more of it than somebody wants: a head may have 64 KiB, of a body 1 MiB is kept, unless somebody wants
/// more, and the rest read and dropped. Used again for the next response.
class ResponseReader {
 public:
  static constexpr std::size_t most_head = 64 * 1024;
  static constexpr std::size_t most_kept_body = 1024 * 1024;
  struct Wanted {
    bool to_head = false;  ///< it answers HEAD, so it has no body whatever its head says
    bool fields = false;   ///< keep the head's fields
    bool body = false;     ///< keep the body
    /// Keep both of an answer with another status, for whoever asks what went wrong; empty: than any 2xx.
    /// They outlive the response.
    std::span<const int> good{};
    std::size_t most_body = most_kept_body;
  };

  /// Forgets the response before.
  void begin(const Wanted& wanted);
  /// Takes bytes of the connection and says how many of them belong to the response: all, unless it is done
  /// now, or at fault.
  std::size_t take(std::string_view bytes);
  /// The server sends no more: this ends a body whose length nobody said.
  void take_end();

  bool got_some() const { return got_some_; }  ///< at least a byte has come
  bool is_done() const { return state_ == State::done; }
  bool has_failed() const { return state_ == State::failed; }
  std::string_view fault() const { return fault_; }  ///< what is wrong with the response

  // ---- of a response that is done

  const ResponseHead& head() const { return head_; }
  std::uint64_t body_bytes() const { return body_bytes_; }  ///< as they came, without chunks' lengths
  /// The connection can carry another request.
  bool keeps_connection() const { return head_.keep_alive && !ended_by_close_; }
  const std::string& fields() const { return fields_; }  ///< lines, see take_field
  std::string& body() { return body_; }                  ///< as it came, at most Wanted::most_body
  bool body_is_cut() const { return body_is_cut_; }

 private:
  enum class State { head, length, until_close, chunk_size, chunk, chunk_end, trailer, done, failed };

  std::size_t step(std::string_view bytes);
  std::size_t take_head(std::string_view bytes);
  void on_head(std::string_view text);
  void begin_body();
  std::size_t take_body(std::string_view bytes);
  std::size_t take_chunk_size(std::string_view bytes);
  std::size_t take_chunk_end(std::string_view bytes);
  std::size_t take_trailer(std::string_view bytes);
  bool gather_line(std::string_view bytes, std::size_t most, std::size_t& used);
  void keep(std::string_view bytes);
  void fail(std::string_view fault);

  Wanted wanted_;
  State state_ = State::done;
  ResponseHead head_;
  std::string_view fault_;
  std::string gathered_;    ///< of a head or a line that is not whole
  std::uint64_t left_ = 0;  ///< of the body, or of its chunk
  std::uint64_t body_bytes_ = 0;
  std::size_t trailer_bytes_ = 0;
  unsigned interim_ = 0;  ///< 1xx that came before
  bool got_some_ = false;
  bool ended_by_close_ = false;
  bool body_is_cut_ = false;
  std::string fields_, body_;
};

}  // namespace troupe::sim
