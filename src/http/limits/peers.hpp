#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace troupe::http {

class Peers;

/// One open connection of a client's, and what it makes the server hold; none by default. Its end gives it
/// back. Used by one thread at a time; its Peers must outlive it.
class PeerSeat {
 public:
  PeerSeat() = default;
  ~PeerSeat();
  PeerSeat(PeerSeat&& other) noexcept : peer_(std::exchange(other.peer_, nullptr)) {}
  PeerSeat& operator=(PeerSeat&& other) noexcept {
    std::swap(peer_, other.peer_);
    return *this;
  }

  /// Of the bytes that are held for this connection `before` will be `after`. False, and nothing changed:
  /// with its other connections' the client would have more than limits.client_memory. One message alone is
  /// never too much, as with server.memory_limit.
  bool change(std::size_t before, std::size_t after);
  /// Whether `change(0, bytes)` would be true now.
  bool has_room_for(std::size_t bytes) const;

 private:
  friend class Peers;
  struct Peer;
  explicit PeerSeat(Peer* peer) : peer_(peer) {}

  Peer* peer_ = nullptr;
};

/// The clients that have connections open, with how many and what they hold: exact, and as large as there are
/// connections. A connection takes a lock among several when it opens and when it ends; requests take none,
/// they have their client's entry.
class Peers {
 public:
  /// 0: no limit.
  Peers(std::size_t connections, std::size_t memory) : connections_(connections), memory_(memory) {}
  Peers(const Peers&) = delete;
  Peers& operator=(const Peers&) = delete;

  bool limits() const { return connections_ != 0 || memory_ != 0; }
  /// A client opens a connection. Nothing: it has all that it may. From any thread.
  std::optional<PeerSeat> enter(std::uint64_t client);
  /// Clients that have a connection.
  std::size_t size();

 private:
  friend class PeerSeat;
  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::uint64_t, std::unique_ptr<PeerSeat::Peer>> peers;
    Shard();
    ~Shard();
  };

  void leave(PeerSeat::Peer& peer);
  Shard& shard_of(std::uint64_t client) { return shards_[client % shards_.size()]; }

  std::size_t connections_;
  std::size_t memory_;
  std::array<Shard, 31> shards_;
};

}  // namespace troupe::http
