#include "helpers/scripted_session.hpp"

#include <algorithm>
#include <bit>
#include <caf/send.hpp>
#include <stdexcept>
#include <utility>

#include "postgres/wire/rows_builder.hpp"
#include "schema/element.hpp"

namespace troupe::tests {

namespace {

constexpr std::uint64_t tag_of_batches = 0;

bool names_rows_by_ordinal(const std::string& statement) {
  return statement.ends_with("_change") || statement.ends_with("_replace") || statement.ends_with("_remove");
}

/// The int8 values of a one-dimensional array (arrayfuncs.c, array_send).
std::vector<std::int64_t> keys_in(const postgres::Params& params) {
  constexpr std::size_t header = 20;
  const std::string_view bytes(params.values()[0], static_cast<std::size_t>(params.lengths()[0]));
  std::vector<std::int64_t> keys;
  for (auto rest = bytes.substr(header); !rest.empty();)
    keys.push_back(schema::integer_of(schema::take_element(rest).value_or("")));
  return keys;
}

std::string bytes_of(const postgres::Params& params) {
  std::string bytes;
  for (std::size_t i = 0; i < params.size(); ++i) {
    if (params.values()[i] != nullptr)
      bytes.append(params.values()[i], static_cast<std::size_t>(params.lengths()[i]));
  }
  return bytes;
}

const Error connection_lost{ErrorCode::unavailable, "the test broke the connection"};

}  // namespace

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
  Result<void> send(const postgres::Statement& statement, const postgres::Params& params, std::uint64_t tag,
                    postgres::Then then) override {
    const bool by_ordinal = names_rows_by_ordinal(statement.name);
    server_.sent_.push_back({statement.name, tag, by_ordinal ? keys_in(params) : std::vector<std::int64_t>{},
                             bytes_of(params), then});
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

std::size_t ScriptedServer::syncs() const {
  const auto ends = [](const Sent& sent) {
    return sent.tag == tag_of_batches && sent.then == postgres::Then::commit;
  };
  return static_cast<std::size_t>(std::ranges::count_if(sent_, ends));
}

void ScriptedServer::complete(std::variant<postgres::Rows, postgres::StatementError> outcome) {
  while (!sent_.empty() && sent_.front().tag != tag_of_batches) {
    arrived_.push_back({sent_.front().tag, postgres::RowsBuilder(0).take()});
    sent_.pop_front();
  }
  if (sent_.empty()) throw std::logic_error("there is no statement to answer");
  arrived_.push_back({tag_of_batches, std::move(outcome)});
  sent_.pop_front();
  tell_owner();
}

void ScriptedServer::answer(const std::vector<std::int64_t>& ids) {
  const auto oldest = std::ranges::find(sent_, tag_of_batches, &Sent::tag);
  if (oldest == sent_.end()) throw std::logic_error("there is no statement to answer");
  const bool by_ordinal = names_rows_by_ordinal(oldest->name);
  const int first = by_ordinal ? 1 : 0;
  postgres::RowsBuilder rows(first + 6);
  for (int row = 0; row < static_cast<int>(ids.size()); ++row) {
    const auto id = ids[static_cast<std::size_t>(row)];
    const auto place = std::ranges::find(oldest->ids, id) - oldest->ids.begin() + 1;
    if (by_ordinal) rows.set(row, 0, schema::wire_integer(place));
    rows.set(row, first, schema::wire_integer(id));
    rows.set(row, first + 1, "chair");
    rows.set(row, first + 2, std::nullopt);
    rows.set(row, first + 3, schema::wire_integer(std::bit_cast<std::int64_t>(1.0)));
    rows.set(row, first + 4, std::string(1, '\1'));
    rows.set(row, first + 5, schema::wire_integer(7, 4));
  }
  complete(rows.take());
}

void ScriptedServer::refuse(std::string_view sqlstate) {
  postgres::StatementError refusal;
  refusal.sqlstate = sqlstate;
  refusal.message = "refused by the test";
  for (auto then = postgres::Then::go_on; then == postgres::Then::go_on;) {
    const auto oldest = std::ranges::find(sent_, tag_of_batches, &Sent::tag);
    if (oldest == sent_.end()) throw std::logic_error("there is no statement to refuse");
    then = oldest->then;
    complete(refusal);
  }
}

bool ScriptedServer::oldest_holds(std::string_view bytes) const {
  const auto oldest = std::ranges::find(sent_, tag_of_batches, &Sent::tag);
  return oldest != sent_.end() && oldest->params.find(bytes) != std::string::npos;
}

std::size_t ScriptedServer::oldest_rows() const {
  const auto oldest = std::ranges::find(sent_, tag_of_batches, &Sent::tag);
  constexpr std::size_t place_of_size = 12;  // behind dimensions, flags and the elements' type
  if (oldest == sent_.end() || oldest->params.size() < place_of_size + 4) return 0;
  std::size_t rows = 0;
  for (std::size_t i = 0; i < 4; ++i)
    rows = rows * 256 + static_cast<unsigned char>(oldest->params[place_of_size + i]);
  return rows;
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
