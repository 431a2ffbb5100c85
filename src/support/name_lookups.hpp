#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "support/result.hpp"

namespace troupe {

/// A host's numeric addresses, in the order in which they are to be tried, or why there are none.
using Addresses = Result<std::vector<std::string>>;
/// Of several hosts, by name.
using AddressesByName = std::map<std::string, Addresses, std::less<>>;

/// What the system's resolver (getaddrinfo) says. Blocks as long as it does. Error (unavailable): the name
/// cannot be translated, or there was none that could.
Addresses addresses_of(const std::string& name);

/// Looks host names up on threads of its own, one for each name at a time, however many ask for it. Nobody
/// waits for these threads, not even the end of the process: a resolver cannot be interrupted. May be used
/// by any thread, and destroyed while a look-up goes on.
class NameLookups {
 public:
  /// Must not throw.
  using Resolve = std::function<Addresses(const std::string& name)>;

  /// One who asked for some names and waits. Its members may be called from any thread.
  class Asked;

  /// `keep`: how long an answer counts for who asks after it came. Some ask again after each time that they
  /// would not wait any longer, and must not miss every answer by a little.
  explicit NameLookups(Resolve resolve = addresses_of,
                       std::chrono::milliseconds keep = std::chrono::seconds(1));

  /// Begins to look up `names`. `tell` is called once, by another thread and under a lock, as soon as no more
  /// is waited for; never when it is so already (`Asked::done_already()`). It must neither
  /// throw nor come back to here. Throws std::system_error when there is no thread left.
  std::shared_ptr<Asked> ask(const std::vector<std::string>& names, std::function<void()> tell);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

class NameLookups::Asked {
 public:
  explicit Asked(std::shared_ptr<State> state) : state_(std::move(state)) {}
  ~Asked() { cancel(); }
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;

  /// Nothing had to be waited for, and `tell` is never called. Stays false when the answers have come since.
  bool done_already() const { return done_already_; }
  /// From now on one usable name suffices: one that has addresses, or, with `any`, none at all.
  void settle_for_less(bool any);
  /// What is known by now.
  AddressesByName found() const;
  /// `tell` is not called any more once this returns, and is let go of.
  void cancel();

 private:
  friend class NameLookups;
  friend struct NameLookups::State;

  void add(const std::string& name, const Addresses& addresses);
  void tell_if_done();

  std::shared_ptr<State> state_;
  bool done_already_ = false;
  // Under the state's lock.
  std::function<void()> tell_;
  AddressesByName found_;
  std::set<std::string, std::less<>> wanted_;
  bool less_suffices_ = false;
  bool usable_ = false;
  bool told_ = false;
};

}  // namespace troupe
