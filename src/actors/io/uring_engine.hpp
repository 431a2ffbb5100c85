#pragma once

#include <liburing.h>

#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "actors/io/io_engine.hpp"
#include "actors/io/sockets.hpp"
#include "support/spare_strings.hpp"

namespace troupe::actors {

class UringSocket;

/// Who is told of completions.
class RingUser : public boost::intrusive::list_base_hook<> {
 public:
  /// As io_uring's CQE has it: a count or a negative errno, and IORING_CQE_F_….
  virtual void on_completion(int result, unsigned flags) = 0;
  /// Does the kernel still owe it a completion?
  bool is_pending() const { return owner_ != nullptr; }

 protected:
  ~RingUser() = default;

 private:
  friend class UringEngine;
  std::shared_ptr<void> owner_;  ///< what it is a part of, kept as long as the kernel knows it
};

/// Waits with io_uring (Linux 6.1): sockets receive by themselves into buffers of ours, what is to be sent
/// gathers until the next turn, and one system call hands over all of it and fetches what has come.
class UringEngine final : public IoEngine {
 public:
  /// Why there can be no such engine in this process, as the end of a sentence; nullopt when there can.
  static std::optional<std::string> refused_by_kernel();

  UringEngine();
  ~UringEngine() override;

  void wait(Duration longest) override;
  void dispatch() override;
  void wake() override;
  std::unique_ptr<Watch> watch(int descriptor, WatchUser& user) override;
  std::unique_ptr<ByteStream> stream(Descriptor socket) override;

  // ---- for its sockets and watches

  /// An entry to prepare, which goes to the kernel with the next `wait`. `user`: a part of `owner`, with
  /// nothing pending; is told of its completions.
  io_uring_sqe& entry(RingUser& user, std::shared_ptr<void> owner);
  /// Ends what is pending of `user`, which is told so.
  void cancel(RingUser& user);
  /// The bytes that a completion brought, in one of our buffers; until `give_back`.
  std::string_view received(int result, unsigned flags) const;
  void give_back(unsigned flags);
  static constexpr int buffer_group = 0;

  /// `socket` has something to send at the next `wait`.
  void send_later(std::shared_ptr<UringSocket> socket);
  /// Memory for what is to be sent: an idle connection owns none.
  SpareStrings& memory() { return spare_; }

 private:
  struct Ring;
  class Wakes;

  io_uring_sqe& entry();

  std::unique_ptr<Ring> ring_;
  std::shared_ptr<Wakes> wakes_;
  boost::intrusive::list<RingUser> pending_;
  std::vector<std::shared_ptr<UringSocket>> to_send_, sending_;
  SpareStrings spare_;
};

}  // namespace troupe::actors
