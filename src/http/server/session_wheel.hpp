#pragma once

#include <array>
#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "support/time.hpp"

namespace troupe::http {

class Session;

using SessionHook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// The sessions of one worker, by when somebody must look at their deadline: a timing wheel (Varghese and
/// Lauck 1987, scheme 4) of steps of a quarter of a second. A deadline that moves on, as each request's does,
/// moves nothing here: when the session is looked at it is too early, and it is put where it belongs then. So
/// an idle connection costs a look or two in its idle timeout, and not four a second.
class SessionWheel {
 public:
  static constexpr auto step = std::chrono::milliseconds(250);
  using Tick = std::uint32_t;

  explicit SessionWheel(TimePoint begin);
  ~SessionWheel();

  /// Puts `session`, which may be here already, where it will be looked at by the first turn after
  /// `deadline`; one that is further away than the wheel is large will be looked at earlier.
  void put(Session& session, TimePoint deadline);
  /// Takes out those whose deadline has passed `now`, or will within this step, and calls `look` for each,
  /// who puts it again if it is too early. May close and end any.
  void turn(TimePoint now, const std::function<void(Session&)>& look);
  /// Calls `visit` for each; may close and end any, but not put.
  void for_each(const std::function<void(Session&)>& visit);
  /// The first tick after `time`.
  Tick tick_of(TimePoint time) const;

 private:
  using Bucket = boost::intrusive::list<Session, boost::intrusive::base_hook<SessionHook>,
                                        boost::intrusive::constant_time_size<false>>;

  static constexpr Tick buckets = 512;  // two minutes; a power of two

  void look_into(Tick tick, const std::function<void(Session&)>& look);
  Bucket& bucket(Tick tick) { return wheel_[tick % buckets]; }

  TimePoint begin_;
  Tick next_ = 0;  ///< whose turn it is
  std::array<Bucket, buckets> wheel_;
};

}  // namespace troupe::http
