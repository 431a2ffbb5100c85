#include "world/postgres/modelled_postgres.hpp"

#include <algorithm>
#include <utility>

#include "support/invariant.hpp"

namespace troupe::world {
namespace {

constexpr std::uint64_t most_steps = 4;      // of connecting
constexpr std::uint64_t numbers_ahead = 32;  // sequence.c logs so many before they are given

Error refusal(std::string why) {
  return {ErrorCode::unavailable, std::move(why)};
}

const Error server_died{ErrorCode::unavailable, "server closed the connection unexpectedly"};

}  // namespace

/// The client's end: connects in a few steps, and is then what its wire is.
class ModelledPostgres::Session final : public actors::DatabaseSession {
 public:
  Session(ModelledPostgres& server, actors::SessionOwner owner)
      : dial_(std::make_shared<Dial>(
            server, std::make_shared<Wire>(server.engine_.time, server.engine_.settings, std::move(owner)),
            1 + server.engine_.time.below(most_steps))) {}
  ~Session() override { wire().close(); }

  Result<bool> connect() override {
    TROUPE_INVARIANT(!open_, "a session that is open already was told to connect");
    if (dial_->refused) return *dial_->refused;
    if (wire().broken()) return *wire().broken();
    if (dial_->waits) return false;
    if (dial_->steps_left > 0) {
      dial_->begin_step(dial_);
      return false;
    }
    open_ = true;
    wire().listen();
    return true;
  }
  bool accept(const actors::SocketReady& ready) override { return wire().is_his(ready); }
  Result<void> send(const postgres::Statement& statement, const postgres::Params& params, std::uint64_t tag,
                    postgres::Then then) override {
    TROUPE_INVARIANT(open_, "a statement was sent before the session was open");
    if (wire().broken()) return *wire().broken();
    wire().send({statement, params, tag, then});
    return {};
  }
  Result<bool> flush() override {
    TROUPE_INVARIANT(open_, "a session was flushed before it was open");
    return wire().flush();
  }
  Result<void> receive(std::vector<postgres::Completion>& done) override {
    TROUPE_INVARIANT(open_, "answers were looked for before the session was open");
    return wire().receive(done);
  }
  bool wait(std::chrono::milliseconds, bool) override {
    TROUPE_INVARIANT(false, "somebody waits in virtual time");
    return false;
  }

 private:
  struct Dial {
    Dial(ModelledPostgres& at, std::shared_ptr<Wire> made, std::uint64_t steps)
        : server(at), wire(std::move(made)), steps_left(steps) {}

    void begin_step(const std::shared_ptr<Dial>& self) {
      waits = true;
      --steps_left;
      auto& time = server.engine_.time;
      time.events().after(time.draw(server.engine_.settings.connecting), [self] { self->end_step(self); });
    }
    void end_step(const std::shared_ptr<Dial>& self) {
      if (wire->closed()) return;
      auto& time = server.engine_.time;
      if (const auto until = time.silent_until(); time.now() < until)
        return time.events().at(until, [self] { self->end_step(self); });
      waits = false;
      if (steps_left == 0) {
        if (auto admitted = server.admit(wire); !admitted) refused = admitted.error();
      }
      wire->tell(time.chance(0.5));
    }

    ModelledPostgres& server;
    std::shared_ptr<Wire> wire;
    std::uint64_t steps_left;
    bool waits = false;
    std::optional<Error> refused;
  };

  Wire& wire() const { return *dial_->wire; }

  std::shared_ptr<Dial> dial_;
  bool open_ = false;
};

ModelledPostgres::ModelledPostgres(EventQueue& events, const ModelSettings& settings, std::uint64_t seed)
    : engine_(events, settings, seed) {}

ModelledPostgres::~ModelledPostgres() = default;

Result<void> ModelledPostgres::add_table(const postgres::SharedResource& resource, const TableRules& rules) {
  auto& table = engine_.tables[resource->resource.table];
  if (!table) {
    auto made = Table::make(resource, rules);
    if (!made) {
      engine_.tables.erase(resource->resource.table);
      return made.error();
    }
    table = std::move(*made);
  }
  if (table->resource().columns.size() != resource->resource.columns.size())
    return Error{ErrorCode::invalid_argument,
                 "modelled table " + resource->resource.table + ": it is there, with other columns"};
  engine_.repertoire.add(resource, *table);
  return {};
}

void ModelledPostgres::know_list(const postgres::SharedResource& resource, const schema::ListQuery& query) {
  const auto table = engine_.tables.find(resource->resource.table);
  TROUPE_INVARIANT(table != engine_.tables.end(), "a list was made known of a table that is not");
  engine_.repertoire.add_list(resource, *table->second, query);
}

actors::OpenSession ModelledPostgres::sessions() {
  return [this](actors::SessionOwner owner) -> Result<std::unique_ptr<actors::DatabaseSession>> {
    if (owner.waits)
      return Error{ErrorCode::invalid_argument, "virtual time cannot block: take --execution async"};
    return std::make_unique<Session>(*this, std::move(owner));
  };
}

Result<void> ModelledPostgres::admit(const std::shared_ptr<Wire>& wire) {
  if (state_ == State::down || refusing_) return refusal("connection to server failed: Connection refused");
  if (state_ == State::recovering) return refusal("FATAL: the database system is starting up");
  if (backends_.size() >= engine_.settings.max_connections)
    return refusal("FATAL: sorry, too many clients already");
  const auto backend = std::make_shared<Backend>(engine_, wire);
  backends_.push_back(backend);
  backend->serve([this, ended = backend.get()] { remove(*ended); });
  return {};
}

void ModelledPostgres::remove(const Backend& backend) {
  std::erase_if(backends_, [&](const auto& each) { return each.get() == &backend; });
}

// ---- faults

void ModelledPostgres::crash() {
  if (state_ == State::down) return;
  state_ = State::down;
  engine_.time.end_all();
  engine_.transactions.crash();
  for (const auto& [_, table] : engine_.tables) table->skip_numbers(engine_.time.below(numbers_ahead + 1));
  for (const auto& backend : std::exchange(backends_, {})) backend->die(server_died);
}

void ModelledPostgres::start() {
  if (state_ != State::down) return;
  state_ = State::recovering;
  engine_.time.later(engine_.time.draw(engine_.settings.recovery), [this] { state_ = State::up; });
}

void ModelledPostgres::restart(Duration down) {
  crash();
  engine_.time.later(down, [this] { start(); });
}

std::shared_ptr<Backend> ModelledPostgres::backend_at(std::size_t place) const {
  return place < backends_.size() ? backends_[place] : nullptr;
}

void ModelledPostgres::cut_connection(std::size_t place) {
  if (const auto backend = backend_at(place)) backend->cut(server_died);
}

void ModelledPostgres::terminate_connection(std::size_t place) {
  if (const auto backend = backend_at(place)) backend->terminate();
}

bool ModelledPostgres::cancel_statement(std::size_t place) {
  const auto backend = backend_at(place);
  return backend && backend->cancel();
}

// ---- what is there

std::map<Key, Cells> ModelledPostgres::rows(const std::string& table) const {
  std::map<Key, Cells> rows;
  const auto found = engine_.tables.find(table);
  if (found == engine_.tables.end()) return rows;
  for (const auto& [key, slot] : found->second->slots()) {
    if (slot.committed) rows.emplace(key, slot.committed->cells);
  }
  return rows;
}

std::size_t ModelledPostgres::locks_held() const {
  std::size_t held = 0;
  for (const auto& [_, table] : engine_.tables) {
    held += static_cast<std::size_t>(std::ranges::count_if(
        table->slots(), [](const auto& slot) { return slot.second.holder != nullptr; }));
  }
  return held;
}

}  // namespace troupe::world
