#include "helpers/model_client.hpp"

#include <caf/actor_cast.hpp>
#include <caf/all.hpp>
#include <catch2/catch.hpp>
#include <utility>

namespace troupe::tests {

using namespace std::chrono_literals;

ModelClient::ModelClient(actors::Runtime& runtime, const actors::OpenSession& open)
    : mailbox_(runtime.system()) {
  auto session = open({runtime.workers()[0], caf::actor_cast<caf::actor>(mailbox_), 1});
  session_ = std::move(session.value());
  follow(session_->connect());
}

void ModelClient::follow(const Result<bool>& connected) {
  if (!connected) {
    lost = connected.error();
    session_.reset();
    return;
  }
  open_ = *connected;
}

void ModelClient::send(const SentStatement& sent, std::uint64_t tag) {
  queue(sent, tag, postgres::Then::commit);
  flush();
}

void ModelClient::send_together(const std::vector<SentStatement>& all, bool goes_on) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool last = i + 1 == all.size() && !goes_on;
    queue(all[i], i, last ? postgres::Then::commit : postgres::Then::go_on);
  }
  flush();
}

void ModelClient::queue(const SentStatement& sent, std::uint64_t tag, postgres::Then then) {
  ++sent_;
  if (const auto result = session_->send(sent.statement, sent.params, tag, then); !result)
    lost = result.error();
}

void ModelClient::flush() {
  if (const auto left = session_->flush(); !left) lost = left.error();
}

void ModelClient::listen() {
  while (mailbox_->has_next_message()) {
    mailbox_->receive([this](const actors::SocketReady& ready) {
      ++times_told;
      if (!session_ || !session_->accept(ready)) return;
      if (!open_) return follow(session_->connect());
      if (ready.writable) return flush();
      const auto before = done.size();
      if (const auto received = session_->receive(done); !received) lost = received.error();
      answered_ += done.size() - before;
    });
  }
}

const postgres::Rows& ModelClient::rows(std::size_t answer) const {
  REQUIRE(done.size() > answer);
  INFO(sqlstate(answer));
  REQUIRE(std::holds_alternative<postgres::Rows>(done[answer].outcome));
  return std::get<postgres::Rows>(done[answer].outcome);
}

std::string ModelClient::sqlstate(std::size_t answer) const {
  REQUIRE(done.size() > answer);
  const auto* error = std::get_if<postgres::StatementError>(&done[answer].outcome);
  return error == nullptr ? "" : error->sqlstate;
}

world::ModelSettings ModelFixture::quick() {
  world::ModelSettings settings;
  settings.disk = {1ms, 1ms};
  settings.pauses = settings.table_order = settings.splits = settings.short_flushes = 0;
  return settings;
}

ModelClient& ModelFixture::client(bool connected) {
  clients.push_back(std::make_unique<ModelClient>(runtime, server.sessions()));
  auto& made = *clients.back();
  if (connected) REQUIRE(run_until([&] { return made.is_open(); }));
  return made;
}

void ModelFixture::listen() {
  for (const auto& client : clients) client->listen();
}

bool ModelFixture::run_until(const std::function<bool()>& done) {
  for (listen(); !done(); listen()) {
    if (!events.turn()) return false;
  }
  return true;
}

void ModelFixture::run_for(Duration time) {
  bool over = false;
  events.after(time, [&over] { over = true; });
  run_until([&] { return over; });
}

const postgres::Completion& ModelFixture::ask(ModelClient& client, const SentStatement& sent) {
  client.done.clear();
  client.send(sent);
  REQUIRE(run_until([&] { return client.is_answered() || client.lost; }));
  REQUIRE(client.done.size() == 1);
  return client.done.front();
}

const std::vector<postgres::Completion>& ModelFixture::ask_together(ModelClient& client,
                                                                    const std::vector<SentStatement>& all) {
  client.done.clear();
  client.send_together(all);
  REQUIRE(run_until([&] { return client.is_answered() || client.lost; }));
  REQUIRE(client.done.size() == all.size());
  return client.done;
}

SentStatement timeouts(std::chrono::milliseconds statement, std::chrono::milliseconds lock) {
  auto sent = plain(postgres::set_timeouts_statement());
  sent.params.add_text(std::to_string(statement.count()) + "ms");
  sent.params.add_text(std::to_string(lock.count()) + "ms");
  return sent;
}

SentStatement plain(const postgres::Statement& statement) {
  return {statement, {}};
}

}  // namespace troupe::tests
