#include "support/name_lookups.hpp"

#include <netdb.h>
#include <pthread.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

namespace troupe {

namespace {

using Clock = std::chrono::steady_clock;

Error untranslated(const std::string& name, const char* why) {
  return {ErrorCode::unavailable, "could not translate host name \"" + name + "\" to address: " + why};
}

/// With its scope ("fe80::1%eth0"), which inet_ntop would leave out.
std::string text_of(const addrinfo& address) {
  char text[NI_MAXHOST] = "";
  getnameinfo(address.ai_addr, address.ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
  return text;
}

}  // namespace

Addresses addresses_of(const std::string& name) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* first = nullptr;
  if (const int failed = getaddrinfo(name.c_str(), nullptr, &hints, &first); failed != 0)
    return untranslated(name, failed == EAI_SYSTEM ? std::strerror(errno) : gai_strerror(failed));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(first, freeaddrinfo);
  std::vector<std::string> addresses;
  for (const auto* address = first; address != nullptr; address = address->ai_next) {
    if (auto text = text_of(*address); !text.empty()) addresses.push_back(std::move(text));
  }
  if (addresses.empty()) return untranslated(name, "it has no address");
  return addresses;
}

struct NameLookups::State {
  struct Lookup {
    bool running = false;
    Addresses answer{std::vector<std::string>{}};  ///< the last one
    Clock::time_point came{};
  };

  State(Resolve how, std::chrono::milliseconds how_long) : resolve(std::move(how)), keep(how_long) {}

  void begin(const std::shared_ptr<State>& self, const std::string& name);
  void end(const std::string& name, const Addresses& answer);

  const Resolve resolve;
  const std::chrono::milliseconds keep;
  std::mutex mutex;
  std::map<std::string, Lookup, std::less<>> lookups;
  std::set<Asked*> waiting;
};

void NameLookups::State::begin(const std::shared_ptr<State>& self, const std::string& name) {
  std::thread([self, name] {
    pthread_setname_np(pthread_self(), "name-look-up");
    self->end(name, self->resolve(name));
  }).detach();
  lookups[name].running = true;
}

void NameLookups::State::end(const std::string& name, const Addresses& answer) {
  const std::lock_guard lock(mutex);
  lookups[name] = {false, answer, Clock::now()};
  for (auto* asked : waiting) asked->add(name, answer);
}

NameLookups::NameLookups(Resolve resolve, std::chrono::milliseconds keep)
    : state_(std::make_shared<State>(std::move(resolve), keep)) {}

std::shared_ptr<NameLookups::Asked> NameLookups::ask(const std::vector<std::string>& names,
                                                     std::function<void()> tell) {
  const auto asked = std::make_shared<Asked>(state_);
  const std::lock_guard lock(state_->mutex);
  for (const auto& name : std::set(names.begin(), names.end())) {
    auto& lookup = state_->lookups[name];
    if (!lookup.running && lookup.came != Clock::time_point{} && Clock::now() - lookup.came < state_->keep) {
      asked->found_.emplace(name, lookup.answer);
      asked->usable_ |= lookup.answer.has_value();
      continue;
    }
    if (!lookup.running) state_->begin(state_, name);
    asked->wanted_.insert(name);
  }
  asked->done_already_ = asked->wanted_.empty();
  if (asked->done_already_) return asked;
  asked->tell_ = std::move(tell);
  state_->waiting.insert(asked.get());
  return asked;
}

void NameLookups::Asked::settle_for_less(bool any) {
  const std::lock_guard lock(state_->mutex);
  less_suffices_ = true;
  usable_ |= any;
  tell_if_done();
}

AddressesByName NameLookups::Asked::found() const {
  const std::lock_guard lock(state_->mutex);
  return found_;
}

void NameLookups::Asked::cancel() {
  std::function<void()> last;  // let go of behind the lock: nobody knows what it holds
  const std::lock_guard lock(state_->mutex);
  state_->waiting.erase(this);
  last.swap(tell_);
}

void NameLookups::Asked::add(const std::string& name, const Addresses& addresses) {
  if (wanted_.erase(name) == 0) return;
  found_.emplace(name, addresses);
  usable_ |= addresses.has_value();
  tell_if_done();
}

void NameLookups::Asked::tell_if_done() {
  const bool done = wanted_.empty() || (less_suffices_ && usable_);
  if (!done || told_ || !tell_) return;
  told_ = true;
  tell_();
}

}  // namespace troupe
