#include "http/limits/peers.hpp"

namespace troupe::http {

struct PeerSeat::Peer {
  Peers& all;
  std::uint64_t client;
  std::size_t connections = 0;         ///< under the shard's lock
  std::atomic<std::size_t> memory{0};  ///< bytes
};

PeerSeat::~PeerSeat() {
  if (peer_ != nullptr) peer_->all.leave(*peer_);
}

bool PeerSeat::has_room_for(std::size_t bytes) const {
  if (peer_ == nullptr || peer_->all.memory_ == 0) return true;
  const auto held = peer_->memory.load(std::memory_order_relaxed);
  return held == 0 || held + bytes <= peer_->all.memory_;
}

bool PeerSeat::change(std::size_t before, std::size_t after) {
  if (peer_ == nullptr || peer_->all.memory_ == 0) return true;
  auto held = peer_->memory.load(std::memory_order_relaxed);
  for (;;) {
    const auto others = held - before;
    if (after > before && others != 0 && others + after > peer_->all.memory_) return false;
    if (peer_->memory.compare_exchange_weak(held, others + after, std::memory_order_relaxed)) return true;
  }
}

Peers::Shard::Shard() = default;
Peers::Shard::~Shard() = default;

std::optional<PeerSeat> Peers::enter(std::uint64_t client) {
  auto& shard = shard_of(client);
  const std::lock_guard lock(shard.mutex);
  auto& peer = shard.peers[client];
  if (peer == nullptr) peer.reset(new PeerSeat::Peer{*this, client});
  if (connections_ != 0 && peer->connections >= connections_) return std::nullopt;
  ++peer->connections;
  return PeerSeat(peer.get());
}

void Peers::leave(PeerSeat::Peer& peer) {
  auto& shard = shard_of(peer.client);
  const std::lock_guard lock(shard.mutex);
  if (--peer.connections == 0) shard.peers.erase(peer.client);
}

std::size_t Peers::size() {
  std::size_t all = 0;
  for (auto& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    all += shard.peers.size();
  }
  return all;
}

}  // namespace troupe::http
