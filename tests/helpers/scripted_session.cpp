#include "helpers/scripted_session.hpp"

#include <libpq-fe.h>

#include <bit>
#include <caf/send.hpp>
#include <stdexcept>
#include <utility>

namespace troupe::tests {

namespace {

constexpr std::uint64_t tag_of_batches = 0;

std::string big_endian(std::uint64_t value) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
  return bytes;
}

void set(PGresult* result, int row, int column, std::string value) {
  PQsetvalue(result, row, column, value.data(), static_cast<int>(value.size()));
}

const Error connection_lost{ErrorCode::unavailable, "the test broke the connection"};

}  // namespace

postgres::Rows rows_of(const std::vector<items::Item>& items) {
  PGresult* result = PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK);
  std::string names[] = {"id", "name", "description", "price", "in_stock"};
  std::vector<PGresAttDesc> columns;
  for (auto& name : names) columns.push_back({name.data(), 0, 0, 1, 0, -1, 0});
  PQsetResultAttrs(result, static_cast<int>(columns.size()), columns.data());
  int row = 0;
  for (const auto& item : items) {
    set(result, row, 0, big_endian(static_cast<std::uint64_t>(item.id)));
    set(result, row, 1, item.name);
    PQsetvalue(result, row, 2, nullptr, -1);
    set(result, row, 3, big_endian(std::bit_cast<std::uint64_t>(item.price)));
    set(result, row, 4, std::string(1, item.in_stock ? '\1' : '\0'));
    ++row;
  }
  return postgres::Rows(result);
}

class ScriptedServer::Session final : public actors::DatabaseSession {
 public:
  Session(ScriptedServer& server, actors::SessionOwner owner) : server_(server), owner_(std::move(owner)) {
    server_.session_ = this;
    server_.sent_.clear();
    server_.arrived_.clear();
    server_.lost_ = false;
  }
  ~Session() override {
    if (server_.session_ == this) server_.session_ = nullptr;
  }

  Result<bool> connect() override {
    if (server_.connecting == Connecting::refused) return connection_lost;
    return server_.connecting == Connecting::at_once;
  }
  bool accept(const actors::SocketReady& ready) override { return ready.generation == owner_.generation; }
  Result<void> send(const postgres::Statement& statement, const postgres::Params&,
                    std::uint64_t tag) override {
    server_.sent_.push_back({statement.name, tag});
    return {};
  }
  Result<bool> flush() override { return false; }
  Result<void> receive(std::vector<postgres::Completion>& done) override {
    for (auto& completion : std::exchange(server_.arrived_, {})) done.push_back(std::move(completion));
    if (server_.lost_) return connection_lost;
    return {};
  }
  bool wait(std::chrono::milliseconds timeout, bool) override {
    const auto has_something = [this] { return !server_.arrived_.empty() || server_.lost_; };
    if (!has_something() && timeout > std::chrono::milliseconds(0)) server_.while_waited_for(timeout);
    return has_something();
  }

  void tell_owner() {
    if (!owner_.waits) caf::anon_send(owner_.actor, actors::SocketReady{owner_.generation, false});
  }

 private:
  ScriptedServer& server_;
  actors::SessionOwner owner_;
};

actors::OpenSession ScriptedServer::sessions() {
  return [this](actors::SessionOwner owner) -> Result<std::unique_ptr<actors::DatabaseSession>> {
    ++attempts_;
    return std::make_unique<Session>(*this, std::move(owner));
  };
}

std::vector<std::string> ScriptedServer::unanswered() const {
  std::vector<std::string> names;
  for (const auto& sent : sent_) {
    if (sent.tag == tag_of_batches) names.push_back(sent.name);
  }
  return names;
}

void ScriptedServer::complete(std::variant<postgres::Rows, postgres::StatementError> outcome) {
  while (!sent_.empty() && sent_.front().tag != tag_of_batches) {
    arrived_.push_back({sent_.front().tag, rows_of({})});
    sent_.pop_front();
  }
  if (sent_.empty()) throw std::logic_error("there is no statement to answer");
  arrived_.push_back({tag_of_batches, std::move(outcome)});
  sent_.pop_front();
  tell_owner();
}

void ScriptedServer::refuse(std::string_view sqlstate) {
  complete(postgres::StatementError{std::string(sqlstate), "refused by the test"});
}

void ScriptedServer::lose() {
  lost_ = true;
  tell_owner();
}

void ScriptedServer::tell_owner() {
  if (session_ == nullptr) throw std::logic_error("there is no session");
  session_->tell_owner();
}

}  // namespace troupe::tests
